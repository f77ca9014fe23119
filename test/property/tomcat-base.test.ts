import { expect, test } from 'vitest'
import { readXml } from '../readers/xml.ts'
import { compileText } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'
import { patience, runs } from './assert-property.ts'
import { token } from './fields.ts'

/** Places of other text in an edited file: `TEXT` marks them. */
const places: Readonly<Record<string, string>> = {
  comment: '<!--TEXT-->',
  instruction: '<?tool TEXT?>',
  attribute: '<Listener className="TEXT"/>',
  'attribute in single quotes': "<Listener className='TEXT' x='1'/>",
  content: '<Resource>TEXT</Resource>',
  section: '<Resource><![CDATA[TEXT]]></Resource>',
  tag: '<Resource TEXT/>',
  nothing: 'TEXT',
}

const pieces = [
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    '--',
    '-->',
    '<!--',
    ']]>',
    '<![CDATA[',
    '?>',
    '<?x ',
    '/>',
    '=',
    '/',
  ],
  ...[
    '&amp;',
    '&lt;',
    '&#10;',
    '&#x20AC;',
    '&quot;',
    '&none;',
    '$\u007ba}',
    'jvmRoute="x"',
    "a='b'",
  ],
  ...[
    '<Engine name="x">',
    '</Engine>',
    '<Engine name="y" jvmRoute="z"/>',
    '<Manager/>',
    '</Server>',
  ],
  ...[' ', '\n', '\r\n', '\t', 'a', 'é', '€', '😀', '\u2028', '\ufeff', '\u0001', '\ufffe', '\0'],
]
const noise = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((list) => list.join(''))

const serverXml = (encoding: string, place: string, text: string): string =>
  `<?xml version='1.0' encoding="${encoding}"?>
<Server port="8005">
  ${(places[place] ?? '').replace('TEXT', () => text)}
  <Service name="Catalina"><Connector port='8080' />
    <Engine  name="Catalina" defaultHost='localhost'
       jvmRoute="old"><Host name="localhost" /></Engine>
  </Service>
</Server>
`

const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text, 'utf8'),
  'ISO-8859-1': (text) => Buffer.from(text, 'latin1'),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
}

const spec = JSON.stringify({
  version: 1,
  name: 'shop',
  targets: { nginx: { version: '1.26.3' } },
  frontends: { web: { listen: [80], locations: [{ match: '/', upstream: 'tomcats' }] } },
  upstreams: {
    tomcats: {
      affinity: { method: 'jvm_route' },
      servers: { tomcat01: { address: '10.0.0.1:8090', tomcat: { base: 'server.xml' } } },
      app: { runtime: 'tomcat', version: '9.0.122', sessions: { store: 'local' } },
    },
  },
})

const edited = (bytes: Uint8Array) => {
  const { artifacts, diagnostics } = compileText(spec, new Map([['server.xml', bytes]]))
  const refusals = diagnostics.filter(({ severity }) => severity === 'error')
  const bytesAfter = artifacts.find(({ path }) => path.endsWith('/server.xml'))?.bytes
  return { bytesAfter: bytesAfter === undefined ? null : Buffer.from(bytesAfter), refusals }
}

const isWellFormed = (bytes: Uint8Array): boolean => {
  try {
    readXml(bytes)
    return true
  } catch {
    return false
  }
}

/** Whether the text may bring elements that are edited as well; anywhere else its bytes stay. */
const isEdited = (place: string, text: string): boolean =>
  /<Engine|<\/|<Manager/.test(text) && ['content', 'nothing'].includes(place)

test('an edited server.xml keeps every byte of unrelated text, or is refused', patience, () => {
  const outcomes = new Map<string, number>()
  const drawn = fc.tuple(
    fc.constantFrom(...Object.keys(encodings)),
    fc.constantFrom(...Object.keys(places)),
    noise,
  )
  const check = ([encoding, place, text]: [string, string, string]): string => {
    const encode = encodings[encoding] ?? Buffer.from
    const mark = encoding === 'UTF-16' ? '\ufeff' : ''
    const bytes = encode(mark + serverXml(encoding, place, text))
    const { bytesAfter, refusals } = edited(bytes)
    if (bytesAfter === null) {
      expect(refusals).toContainEqual(
        expect.objectContaining({ location: expect.objectContaining({ file: 'server.xml' }) }),
      )
      return isWellFormed(bytes) ? 'refused, though well-formed' : 'refused'
    }
    expect(isWellFormed(bytes), 'accepted, though not well-formed').toBe(true)
    expect(isWellFormed(bytesAfter), 'no longer well-formed').toBe(true)
    if (isEdited(place, text)) return 'another structure'
    const usual = place === 'tag' ? `${token}=""` : token
    const harmless = edited(encode(mark + serverXml(encoding, place, usual))).bytesAfter
    if (harmless === null) throw new Error(`${usual} is refused in ${place}`)
    const at = harmless.indexOf(encode(usual))
    const rest = harmless.subarray(at + encode(usual).length)
    const expected = Buffer.concat([harmless.subarray(0, at), encode(text), rest])
    expect(bytesAfter.toString('latin1')).toBe(expected.toString('latin1'))
    return 'same'
  }
  fc.assert(
    fc.property(drawn, (drawn) => {
      const outcome = check(drawn)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }),
    { numRuns: runs },
  )
  expect(outcomes.get('same')).toBeGreaterThan(runs / 10)
  expect(outcomes.get('refused')).toBeGreaterThan(runs / 10)
})
