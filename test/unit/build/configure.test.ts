import { describe, expect, test } from 'vitest'
import { mergeFlags } from '../../../src/build-nginx/core/configure/flags.ts'
import { flagDifference, inheritFlags } from '../../../src/build-nginx/core/configure/like.ts'
import { shellLine, shellWords } from '../../../src/build-nginx/core/configure/words.ts'

describe('words of a shell', () => {
  test.each([
    ["--a --with-cc-opt='-g -O2' --b", ['--a', '--with-cc-opt=-g -O2', '--b']],
    ['a"b c"d', ['ab cd']],
    ['"a \\"b\\" \\$x \\y"', ['a "b" $x \\y']],
    ["'a \\ b'", ['a \\ b']],
    ["a\\ b \\'c", ['a b', "'c"]],
    ["''", ['']],
    ['  a\tb\nc  ', ['a', 'b', 'c']],
    ['$(id) `id` *', ['$(id)', '`id`', '*']],
    ['', []],
    ["'open", null],
    ['"open', null],
    ['end\\', null],
  ])('%j', (text, words) => {
    expect(shellWords(text)).toEqual(words)
  })

  test('what is written can be read again', () => {
    const words = ['a', '', "it's", '--x=a b', '$(id)', 'ü', '"', '\\', '*', '-O2,-g']
    expect(shellWords(shellLine(words))).toEqual(words)
  })
})

test('later flags win, options come together, modules add up', () => {
  const merged = mergeFlags(
    ['--prefix=/a', '--with-cc-opt=-O2', '--add-module=x', '--with-debug'],
    ['--with-cc-opt=-g', '--add-module=y', '--prefix=/b', '--with-debug'],
  )
  expect(merged).toEqual([
    '--prefix=/b',
    '--with-cc-opt=-O2 -g',
    '--add-module=x',
    '--with-debug',
    '--add-module=y',
  ])
})

/** Of Debian's nginx 1.22.1, shortened. */
const debian =
  "--with-cc-opt='-g -O2 -ffile-prefix-map=/build/reproducible-path/nginx-1.22.1=. -fPIC' --prefix=/usr/share/nginx --with-compat --with-stream=dynamic --with-http_xslt_module=dynamic --add-dynamic-module=/build/nginx/debian/modules/http-geoip2 --with-openssl=/src/openssl --build=Debian"

describe('an nginx like another', () => {
  test('keeps its arguments, but what was only on the host that built it', () => {
    const found = inheritFlags(debian, false)
    expect(found?.flags).toEqual([
      '--with-cc-opt=-g -O2 -fPIC',
      '--prefix=/usr/share/nginx',
      '--with-compat',
      '--with-stream=dynamic',
      '--with-http_xslt_module=dynamic',
    ])
    expect(found?.removed.map(({ flag }) => flag)).toEqual([
      '--add-dynamic-module=/build/nginx/debian/modules/http-geoip2',
      '--with-openssl=/src/openssl',
      '--build=Debian',
    ])
  })
  test('for modules, shared objects of its own are of no concern', () => {
    expect(inheritFlags(debian, true)?.flags).toEqual([
      '--with-cc-opt=-g -O2 -fPIC',
      '--prefix=/usr/share/nginx',
      '--with-compat',
    ])
  })
  test('no words, no inherited', () => {
    expect(inheritFlags("--with-cc-opt='-g", false)).toBeNull()
  })
  test('the difference is shown', () => {
    expect(flagDifference(['a', 'b'], ['b', 'c'])).toEqual({ removed: ['a'], added: ['c'] })
  })
})
