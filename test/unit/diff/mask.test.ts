import { describe, expect, test } from 'vitest'
import { compareFile, type Pair } from '../../../src/core/diff/compare.ts'
import { leadsOf, maskFor, spellingsOf } from '../../../src/core/diff/mask.ts'
import { fc } from '../../support/fast-check.ts'

const marker = 'e0123456789abcdef0123456789abcde'
const encoder = new TextEncoder()

/** The hunks' lines of one file, secrets masked. */
const shown = (
  before: string | null,
  after: string | null,
  marked: Partial<Pick<Pair, 'markedBefore' | 'markedAfter' | 'shape'>>,
  secrets: readonly string[] = [],
): readonly string[] =>
  compareFile(
    {
      path: 'x',
      before: before === null ? null : encoder.encode(before),
      after: after === null ? null : encoder.encode(after),
      markedBefore: null,
      markedAfter: null,
      shape: null,
      openMode: null,
      ...marked,
    },
    { markers: [marker], spellings: spellingsOf(secrets) },
    3,
  ).hunks.flatMap(({ lines }) => lines)

describe('a literal secret', () => {
  test('is masked where it is rendered, however it is escaped', () => {
    expect(
      shown(null, 'a "x\\"y\\\\z" b\n', { markedAfter: `a ${marker} b\n` }, ['x"y\\z']),
    ).toEqual(['+a (secret) b'])
    expect(
      shown(null, '<a b="x&quot;&#x79;"/>\n', { markedAfter: `<a b="${marker}"/>\n` }, ['x"y']),
    ).toEqual(['+<a b="(secret)"/>'])
  })

  test('several in a line are masked, equal ones by the same name', () => {
    expect(
      shown(null, 'u one x two y one\n', { markedAfter: `u ${marker} x ${marker} y ${marker}\n` }),
    ).toEqual(['+u (secret 1) x (secret 2) y (secret 1)'])
  })

  test('hides its whole line if that was rendered differently', () => {
    expect(shown(null, '  set "key a b"\n', { markedAfter: `  set key ${marker}\n` })).toEqual([
      '+  (secret)',
    ])
  })

  test('is shown as changed, without either value', () => {
    expect(
      shown(
        'a\npassword="old one"\nb\n',
        'a\npassword="new one"\nb\n',
        { shape: `a\npassword="${marker}"\nb\n`, markedAfter: `a\npassword="${marker}"\nb\n` },
        ['new one'],
      ),
    ).toEqual([' a', '-password="(secret 1)"', '+password="(secret 2)"', ' b'])
  })

  test('that is unchanged is one secret on both sides', () => {
    expect(
      shown(
        'host a\npassword="same"\n',
        'host b\npassword="same"\n',
        { shape: `host b\npassword="${marker}"\n`, markedAfter: `host b\npassword="${marker}"\n` },
        ['same'],
      ),
    ).toEqual(['-host a', '+host b', ' password="(secret)"'])
  })

  test('of an older spec is masked by its surrounding text, also on other lines', () => {
    const wanted = (secret: string) => `x\nconnect to=10.0.0.5 with ${secret} now\n`
    const lines = shown(
      'x\nconnect to=10.0.0.9 with "s3cr3t of then" now\nmore with s3cr3t now\n',
      wanted('n3w'),
      { markedAfter: wanted(marker), shape: wanted(marker) },
      ['n3w'],
    )
    expect(lines).toEqual([
      ' x',
      '-connect to=10.0.0.9 with "(secret 1)" now',
      '-more with (secret 2) now',
      '+connect to=10.0.0.5 with (secret 3) now',
    ])
  })

  test('is found in comments and other lines by its value', () => {
    expect(shown(null, '# was hunter2, is a%26b&amp;c\n', {}, ['hunter2', 'a&b', 'b&c'])).toEqual([
      '+# was (secret 1), is (secret 2)',
    ])
  })

  test('too short to search for is masked only where it is rendered', () => {
    expect(
      shown(null, 'pin=7 port=7070\n', { markedAfter: `pin=${marker} port=7070\n` }, ['7']),
    ).toEqual(['+pin=(secret) port=7070'])
  })
})

describe('a reference to a secret', () => {
  test('is shown, and the literal secret that it replaced is not', () => {
    const wanted = `a\n  password: "\${REDIS_PASSWORD}"\n`
    expect(
      shown('a\n  password: "hunter2"\n', wanted, { shape: `a\n  password: "${marker}"\n` }),
    ).toEqual([' a', '-  password: "(secret)"', `+  password: "\${REDIS_PASSWORD}"`])
    expect(
      shown(wanted, 'a\n  password: "hunter2"\n', {
        shape: `a\n  password: "${marker}"\n`,
        markedAfter: `a\n  password: "${marker}"\n`,
      }),
    ).toEqual([' a', `-  password: "\${REDIS_PASSWORD}"`, '+  password: "(secret)"'])
  })
})

test('secrets of an existing file are masked without their values being known', () => {
  expect(
    shown(
      '<Resource password="hunter2"\n  url="jdbc:x?user=u&amp;password=hunter2&amp;a=b"/>\n<Engine/>\n',
      '<Resource password="hunter2"\n  url="jdbc:x?user=u&amp;password=hunter2&amp;a=b"/>\n<Engine jvmRoute="a"/>\n',
      {},
    ),
  ).toEqual([
    ' <Resource password="(secret)"',
    '   url="jdbc:x?user=u&amp;password=(secret)&amp;a=b"/>',
    '-<Engine/>',
    '+<Engine jvmRoute="a"/>',
  ])
})

describe('leadsOf', () => {
  test.each([
    [`<a x="1" password="${marker}" y="2"/>`, 'password="', '"'],
    [`  password: "${marker}"`, 'password: "', '"'],
    [`requirepass ${marker}`, 'requirepass ', ''],
    [`save_path = "tcp://h:1?auth=${marker}&x=1"`, 'auth=', '&'],
    [`'PASSWORD': '${marker}',`, "PASSWORD': '", "'"],
    [`"redis://:${marker}@h:1"`, '"redis://:', '@'],
    [`define("KEY", "${marker}")`, '', ''],
  ])('%s', (line, before, after) => {
    const [lead] = leadsOf(`first\n${line}`, [marker])
    if (before === '') expect(lead?.before).toContain('KEY')
    else expect(lead).toEqual({ before, after })
  })

  test('a line that contains only the secret', () => {
    expect(leadsOf(`  ${marker}\n "${marker}"`, [marker])).toEqual([])
  })
})

test('no encoding of a secret is left, whatever the secret', () => {
  const secret = fc.string({ unit: 'grapheme', minLength: 4, maxLength: 24 })
  const frames = [
    (text: string) => `password="${text}"`,
    (text: string) => `# ${text}`,
    (text: string) => `server a ${text} b`,
  ]
  fc.assert(
    fc.property(secret, fc.constantFrom(...frames), (value, frame) => {
      for (const spelling of spellingsOf([value])) {
        const line = frame(spelling)
        const spans = maskFor({
          marked: null,
          markers: [],
          spellings: spellingsOf([value]),
          leads: [],
        })(line, 0)
        const left = spans.reduceRight((text, [a, b]) => text.slice(0, a) + text.slice(b), line)
        expect(left.length).toBeLessThanOrEqual(line.length - spelling.length)
      }
    }),
    { numRuns: 2000 },
  )
})
