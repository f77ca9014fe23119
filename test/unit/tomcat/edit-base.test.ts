import { describe, expect, test } from 'vitest'
import { locate } from '../../../src/core/diagnostics/located.ts'
import { fileOf, render, type SpecParts, specOf, write } from './support.ts'
import { fixture } from './xml/support.ts'

const valve = (quote: string) =>
  `<Valve className="org.apache.catalina.valves.RemoteIpValve" remoteIpHeader="X-Forwarded-For" protocolHeader="X-Forwarded-Proto" portHeader="X-Forwarded-Port"/>`.replaceAll(
    '"',
    quote,
  )

const servers =
  '{ tomcat01: { address: "10.0.0.1:8090", tomcat: { shutdownPort: 8105, ajpPort: 8109 } } }'

const edit = (name: string, parts: Partial<SpecParts> & { key?: string; more?: string } = {}) => {
  const { key = 'base', more = '', ...rest } = parts
  const app = `version: "9.0.122", tomcat: { ${key}: ${name} }${more}`
  return write(specOf({ servers, app, ...rest }), new Map([[name, fixture(name)]]))
}

/** Each replaced at exactly one place: what the file must become, by hand and in Node's own encoders. */
const replaced = (
  name: string,
  encoding: BufferEncoding | 'utf16be',
  changes: readonly (readonly [from: string, to: string])[],
): Uint8Array => {
  const encode = (text: string) =>
    encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding)
  let bytes = Buffer.from(fixture(name))
  for (const [from, to] of changes) {
    const at = bytes.indexOf(encode(from))
    expect([from, at]).not.toEqual([from, -1])
    expect([from, bytes.indexOf(encode(from), at + 1)]).toEqual([from, -1])
    const rest = bytes.subarray(at + encode(from).length)
    bytes = Buffer.concat([bytes.subarray(0, at), encode(to), rest])
  }
  return new Uint8Array(bytes)
}

const engine = (route = 'tomcat01') =>
  ['defaultHost="localhost">', `defaultHost="localhost" jvmRoute="${route}">`] as const

const plainChanges = [
  ['<Server port="8005"', '<Server port="8105"'],
  ['<Connector port="8080"', '<Connector port="8090"'],
  [
    '    <Engine name="Catalina" defaultHost="localhost">',
    '    <Engine name="Catalina" defaultHost="localhost" jvmRoute="tomcat01">',
  ],
  ['      </Realm>\n\n', `      </Realm>\n      ${valve('"')}\n\n`],
] as const

describe('server.xml edited in place: no other bytes change', () => {
  test.each([
    ['server-plain.xml', 'utf8', plainChanges],
    ['server-utf8-bom.xml', 'utf8', plainChanges],
    ['server-ascii.xml', 'utf8', plainChanges],
    [
      'server-crlf.xml',
      'utf8',
      plainChanges.map(
        (change) =>
          change.map((text) => text.replace(/ {2}</g, '\t<').replaceAll('\n', '\r\n')) as [
            string,
            string,
          ],
      ),
    ],
    [
      'server-single-quotes.xml',
      'utf8',
      [
        [`<Server port='8005'`, `<Server port='8105'`],
        [`<Connector port='8080'`, `<Connector port='8090'`],
        [
          `defaultHost='localhost'>\n`,
          `defaultHost='localhost' jvmRoute='tomcat01'>\n\t\t\t${valve("'")}\n`,
        ],
      ],
    ],
    [
      'server-doctype.xml',
      'utf8',
      [
        ['<Server port="8005"', '<Server port="8105"'],
        ['<Connector port="8080"', '<Connector port="8090"'],
        [
          'defaultHost="localhost">\n',
          `defaultHost="localhost" jvmRoute="tomcat01">\n      ${valve('"')}\n`,
        ],
      ],
    ],
    [
      'server-latin1.xml',
      'latin1',
      [
        ['<Server port="8005"', '<Server port="8105"'],
        ['<Connector port="8080"', '<Connector port="8090"'],
        ['defaultHost="localhost">\n', `${engine()[1]}\n      ${valve('"')}\n`],
      ],
    ],
    [
      'server-utf16le.xml',
      'utf16le',
      [
        ['<Server port="8005"', '<Server port="8105"'],
        ['<Connector port="8080"', '<Connector port="8090"'],
        ['defaultHost="localhost">\r\n', `${engine()[1]}\r\n      ${valve('"')}\r\n`],
      ],
    ],
    [
      'server-utf16be-no-bom.xml',
      'utf16be',
      [
        ['<Server port="8005"', '<Server port="8105"'],
        ['<Connector port="8080"', '<Connector port="8090"'],
        ['defaultHost="localhost">\n', `${engine()[1]}\n      ${valve('"')}\n`],
      ],
    ],
    [
      'server-existing.xml',
      'utf8',
      [
        ['<Server port="8015"', '<Server port="8105"'],
        ['<Connector port="9080"', '<Connector port="8090"'],
        ['<Connector port="9009"', '<Connector port="8109"'],
        [`jvmRoute = 'old&amp;route'`, `jvmRoute = 'tomcat01'`],
        [
          'remoteIpHeader="X-Real-IP" />',
          'remoteIpHeader="X-Real-IP" protocolHeader="X-Forwarded-Proto" portHeader="X-Forwarded-Port" />',
        ],
      ],
    ],
    [
      'server-several.xml',
      'utf8',
      [
        ['<Server port="8005"', '<Server port="8105"'],
        [
          '<Engine name="Admin" defaultHost="admin.example.com">\n',
          `<Engine name="Admin" defaultHost="admin.example.com" jvmRoute="tomcat01">\n      ${valve('"')}\n`,
        ],
      ],
    ],
  ] as const)('%s', (name, encoding, changes) => {
    const written = edit(name)
    expect(written.bytes.get('tomcat01/conf/server.xml')).toEqual(replaced(name, encoding, changes))
  })

  test('a file that already agrees with the spec is unchanged', () => {
    const bytes = new TextEncoder().encode(
      fileOf(edit('server-plain.xml'), 'tomcat01/conf/server.xml'),
    )
    const app = 'version: "9.0.122", tomcat: { base: again.xml }'
    const again = write(specOf({ servers, app }), new Map([['again.xml', bytes]]))
    expect(again.bytes.get('tomcat01/conf/server.xml')).toEqual(bytes)
  })

  test('the shutdown port is unchanged if the spec sets none', () => {
    const written = edit('server-existing.xml', { servers: '{ tomcat01: "10.0.0.1:8090" }' })
    expect(fileOf(written, 'tomcat01/conf/server.xml')).toContain('<Server port="8015"')
  })

  test('two Tomcats on one host cannot use the ports of one file', () => {
    const written = edit('server-plain.xml', {
      servers: '{ tomcat01: "10.0.0.1:8080", tomcat02: "10.0.0.1:8081" }',
    })
    expect(written.codes).toContain('tomcat-port-clash')
  })
})

describe('what an edit reports', () => {
  const elsewhere =
    '{ tomcat01: { address: "10.0.0.1:8099", tomcat: { shutdownPort: 8105, ajpPort: 8109 } } }'

  test('selects the Engine with a Host that a frontend serves', () => {
    const written = edit('server-several.xml', {
      serverNames: '[admin.example.com]',
      servers: elsewhere,
    })
    expect(written.said[0]).toBe(
      'tomcat-base-choice: of the Engines "Admin", "Catalina", "Admin" is edited: it has a Host that a frontend serves',
    )
    expect(fileOf(written, 'tomcat01/conf/server.xml')).toContain(
      'defaultHost="admin.example.com" jvmRoute="tomcat01"',
    )
  })

  test('else selects the Engine named Catalina', () => {
    const written = edit('server-several.xml', {
      serverNames: '[elsewhere.example.com]',
      servers: elsewhere,
    })
    expect(written.said[0]).toContain('"Catalina" is edited: it is named Catalina')
  })

  test('reports a replaced route at its place in the file', () => {
    expect(edit('server-existing.xml').said).toContain(
      'tomcat-base-route: jvmRoute "old&route" changes to "tomcat01"',
    )
  })

  test('names the folder of a context file after the Engine and the default Host', () => {
    const written = edit('server-several.xml', { more: ', context: /shop', servers: elsewhere })
    expect([...written.files.keys()]).toContain('tomcat01/conf/Catalina/www.example.com/shop.xml')
  })

  test('names the folder of a context file after the Host that a frontend serves', () => {
    const serverNames = '[INTERN.example.com]'
    const more = ', context: /shop'
    const written = edit('server-several.xml', { serverNames, more, servers: elsewhere })
    expect([...written.files.keys()]).toContain(
      'tomcat01/conf/Catalina/intern.example.com/shop.xml',
    )
  })

  const parts = (servers: string): SpecParts => ({
    servers,
    app: 'version: "9.0.122", tomcat: { base: some.xml }',
  })
  const inputsOf = (text: string) => new Map([['some.xml', new TextEncoder().encode(text)]])
  const both = specOf(parts('{ tomcat01: "10.0.0.1:8090", tomcat02: "10.0.0.1:8091" }'))
  const http = '$' + '{http.port}'
  const server = (inner: string, port: string) =>
    `<Server port="${port}"><Service><Connector port="${http}"/><Connector port="-1"/><Engine name="Catalina" defaultHost="h">${inner}</Engine></Service></Server>`

  test('keeps a header name that differs only in case', () => {
    const own =
      '<Valve className="org.apache.catalina.valves.RemoteIpValve" portHeader="x-forwarded-port" protocolHeader="x-forwarded-proto"/>'
    const written = write(both, inputsOf(server(own, '-1')))
    expect(fileOf(written, 'tomcat01/conf/server.xml')).toContain(own)
  })

  test('keeps a shutdown port that only Tomcat can resolve', () => {
    const port = '$' + '{shutdown.port}'
    const written = write(both, inputsOf(server('', port)))
    expect(fileOf(written, 'tomcat02/conf/server.xml')).toContain(`<Server port="${port}">`)
    expect(written.codes).not.toContain('tomcat-port-clash')
  })

  test('reports the selected Connector without the secrets on its line', () => {
    const secret = 's3cr3t'
    const url = `jdbc:x?user=u&amp;password=${secret}&amp;a=1`
    const attributes = `keystorePass='${secret}' password = "${secret}" url="${url}" store="redis://u:${secret}@h"`
    const text = server('', '-1').replace(`port="${http}"`, () => `port="${http}" ${attributes}`)
    const { diagnostics } = render(both, inputsOf(text))
    expect(diagnostics[0]).toMatchObject({
      code: 'tomcat-base-choice',
      at: { kind: 'file', line: 1 },
    })
    const nowhere = {
      file: '',
      text: '',
      range: () => [0, 0] as const,
      edit: () => null,
      secrets: () => [],
    }
    const shown = JSON.stringify(locate(diagnostics, nowhere))
    expect(shown).not.toContain(secret)
    expect(shown).toContain('user=u&amp;password=******&amp;a=1')
  })

  test.each([
    [
      'not XML',
      '<Server>',
      'tomcat-base-invalid: this is not well-formed XML: <Server> is not closed',
    ],
    [
      'another file',
      '<Context/>',
      'tomcat-base-invalid: the root element is <Context>, not <Server>',
    ],
    ['no Engine', '<Server/>', 'tomcat-base-invalid: this file has no <Engine> in a <Service>'],
    [
      'a folder that cannot be',
      '<Server><Service><Engine name="../x" defaultHost="h"/></Service></Server>',
      'tomcat-base-invalid: the names of Engine "../x" and its Host "h" cannot be folder names',
    ],
  ])('%s is an error', (_, text, said) => {
    const app = 'version: "9.0.122", context: /shop, tomcat: { base: bad.xml }'
    const inputs = new Map([['bad.xml', new TextEncoder().encode(text)]])
    expect(write(specOf({ servers, app }), inputs).said).toContain(said)
  })

  test('a missing file is an error', () => {
    const app = 'version: "9.0.122", tomcat: { base: missing.xml }'
    expect(write(specOf({ servers, app })).said).toContain(
      'tomcat-base-invalid: cannot read "missing.xml"',
    )
  })

  test('inserts a Connector into a Service without a plain HTTP Connector', () => {
    const text =
      '<Server>\n  <Service>\n    <Connector port="8443" SSLEnabled="true"/>\n    <Engine name="Catalina" defaultHost="localhost"/>\n  </Service>\n</Server>\n'
    const app = 'version: "11.0.24", tomcat: { base: tls.xml }'
    const written = write(
      specOf({ servers: '{ tomcat01: "10.0.0.1:8090" }', app }),
      new Map([['tls.xml', new TextEncoder().encode(text)]]),
    )
    expect(fileOf(written, 'tomcat01/conf/server.xml')).toBe(
      text
        .replace(
          '    <Engine',
          '    <Connector port="8090" protocol="HTTP/1.1" connectionTimeout="20000" keepAliveTimeout="75000" redirectPort="8443"/>\n    <Engine',
        )
        .replace(
          'defaultHost="localhost"/>',
          `defaultHost="localhost" jvmRoute="tomcat01">\n      ${valve('"')}\n    </Engine>`,
        ),
    )
  })
})

describe('a context file edited in place', () => {
  const cookie = ', cookie: { name: SHOPID, path: "/a&b", httpOnly: true, sameSite: lax }'
  const contextOf = (name: string, version: string, more: string) => {
    const app = `version: "${version}", tomcat: { contextBase: ${name} }${more}`
    const written = write(
      specOf({ servers: '{ tomcat01: "10.0.0.1:8080" }', app }),
      new Map([[name, fixture(name)]]),
    )
    return { text: fileOf(written, 'tomcat01/conf/context.xml'), codes: written.codes }
  }
  const source = (name: string) => new TextDecoder().decode(fixture(name))

  test('gets the settings of the spec at its end, and keeps comments', () => {
    const { text, codes } = contextOf('context-plain.xml', '10.1.60', cookie)
    expect(text).toBe(
      source('context-plain.xml')
        .replace(
          '<Context>',
          '<Context sessionCookieName="SHOPID" sessionCookiePath="/a&amp;b" useHttpOnly="true">',
        )
        .replace(
          '</Context>',
          '    <CookieProcessor sameSiteCookies="lax"/>\n    <Manager pathname="SESSIONS.ser"/>\n</Context>',
        ),
    )
    expect(codes).toEqual(['tomcat-restart-sessions'])
  })

  test('a self-closing Context gets an end tag', () => {
    const { text } = contextOf(
      'context-self-closed.xml',
      '10.1.60',
      ', cookie: { sameSite: strict }',
    )
    expect(text).toBe(
      '<Context>\n  <CookieProcessor sameSiteCookies="strict"/>\n  <Manager pathname="SESSIONS.ser"/>\n</Context>',
    )
  })

  test('keeps its Manager, and reports that the Manager loses sessions', () => {
    const { text, codes } = contextOf('context-manager.xml', '10.1.60', cookie)
    expect(text).toBe(
      source('context-manager.xml')
        .replace(`useHttpOnly='false'`, `useHttpOnly='true' sessionCookiePath='/a&amp;b'`)
        .replace('"strict"', '"lax"'),
    )
    expect(codes).toEqual(['tomcat-base-attribute', 'tomcat-base-attribute', 'tomcat-base-manager'])
  })

  test('is unchanged if the spec sets nothing and the release keeps sessions', () => {
    expect(contextOf('context-plain.xml', '9.0.122', '').text).toBe(source('context-plain.xml'))
  })
})
