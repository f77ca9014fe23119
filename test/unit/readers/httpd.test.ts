import { describe, expect, test } from 'vitest'
import { readHttpd } from '../../readers/httpd.ts'
import { ReaderError } from '../../readers/reader-error.ts'

const definitions = new Map([['secret', 'a "b é']])
const wordsOf = (raw: string): unknown => readHttpd(`k ${raw}\n`, definitions)[0]?.args

describe('readHttpd', () => {
  test('returns the tree of directives and sections', () => {
    const text = `# c \\
goes on
<Proxy "balancer://a>b">
  BalancerMember "http://h" \\
    route=n1

  <IfModule !x>
  </ifmodule>
</Proxy>
ProxyPass / balancer://a/
`
    expect(readHttpd(text)).toEqual([
      {
        name: 'Proxy',
        args: ['balancer://a>b'],
        line: 3,
        section: [
          { name: 'BalancerMember', args: ['http://h', 'route=n1'], line: 4, section: null },
          { name: 'IfModule', args: ['!x'], line: 7, section: [] },
        ],
      },
      { name: 'ProxyPass', args: ['/', 'balancer://a/'], line: 10, section: null },
    ])
  })

  test.each([
    [`a "b c" 'd e' f"g h"`, ['a', 'b c', 'd e', 'f"g', 'h"']],
    [`"a\\"b\\\\c\\d\\'" '\\'\\"'`, [`a"b\\c\\d\\'`, `'\\"`]],
    ['a\\\\b a\\b a\\"b', ['a\\b', 'a\\b', 'a\\"b']],
    ['"a"b"c" "open end', ['a', 'b"c"', 'open end']],
    ['a #b "" %{c}e %%', ['a', '#b', '', '%{c}e', '%%']],
    ['é😀\u2028', ['é😀\u2028']],
    ['a \\\n  b\\\nc', ['a', 'bc']],
    ['a \\\\\n\n b', ['a', 'b']],
  ])('reads the words of %j', (raw, words) => {
    expect(wordsOf(raw)).toEqual(words)
  })

  test('expands variables before it splits words', () => {
    expect(wordsOf('x$\u007bsecret} "$\u007bsecret}" $\u007bnone} $secret')).toEqual([
      ...['xa', 'b é ', 'a', 'b é', '$\u007bnone}', '$secret'],
    ])
  })

  test.each([
    ['a\n</b>\n', 'unexpected </b>', 2],
    ['<a>\n</b>\n', 'unexpected </b>', 2],
    ['<a>\n<b>\n</b>\n', '<a> was not closed', 1],
    ['<a "b"\n', 'directive missing closing ">"', 1],
    ['a\nb\0c\n', 'NUL ends the line', 2],
  ])('refuses %j', (text, message, line) => {
    const refused = (): unknown => readHttpd(text)
    expect(refused).toThrow(ReaderError)
    expect(refused).toThrow(expect.objectContaining({ message, line }))
  })
})
