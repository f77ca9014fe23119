import { test } from 'vitest'
import { assertProperty, patience } from './assert-property.ts'
import type { Property } from './outcome.ts'
import type { SpecKind, Texts } from './texts.ts'

const holds = [
  ...['route', 'clientHeader', 'appCookieName', 'appCookiePath', 'appCookieDomain', 'context'],
] as const satisfies readonly (keyof Texts)[]

const kind = (name: string, version: string, base: string | null): SpecKind => ({
  name,
  holds: base === null ? holds : holds.filter((text) => text !== 'context'),
  spec: (texts) => ({
    version: 1,
    name: 'shop',
    targets: { nginx: { version: '1.26.3' } },
    frontends: {
      web: {
        listen: [80],
        clientAddress: { trust: ['10.0.0.0/8'], header: texts.clientHeader },
        locations: [{ match: '/', upstream: 'tomcats' }],
      },
    },
    upstreams: {
      tomcats: {
        affinity: { method: 'jvm_route', cookie: texts.appCookieName },
        servers: { [texts.route]: '10.0.0.1:8080' },
        app: {
          runtime: 'tomcat',
          version,
          cookie: {
            name: texts.appCookieName,
            path: texts.appCookiePath,
            domain: texts.appCookieDomain,
          },
          ...(base === null
            ? { context: texts.context }
            : { tomcat: { base: `server-${base}.xml`, contextBase: `context-${base}.xml` } }),
        },
      },
    },
  }),
})

const server = `<!-- é "<a>" ]]> -->
<Server port='8005' shutdown="é &#x20ac; &amp;">
  <Service name="Catalina">
    <Connector port="8080"   protocol="HTTP/1.1"/>
    <Engine name="Catalina" defaultHost="localhost" jvmRoute='old&quot;'>
      <Host name="localhost" appBase="webapps"/>
    </Engine>
  </Service>
</Server>`

const context = `<Context sessionCookiePath='/é'>
  <WatchedResource>WEB-INF/web.xml é</WatchedResource><![CDATA[ & ]]>
</Context>`

const declared = (encoding: string, text: string): string =>
  `<?xml version="1.0" encoding="${encoding}"?>\n${text}\n`

const encodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
  utf8: (text) => Buffer.from(declared('UTF-8', text), 'utf8'),
  latin1: (text) => Buffer.from(declared('ISO-8859-1', text), 'latin1'),
  ascii: (text) => Buffer.from(declared('US-ASCII', text.replaceAll('é', '&#233;')), 'latin1'),
  utf16: (text) => Buffer.from(`\ufeff${declared('UTF-16', text)}`, 'utf16le'),
}

const inputs = new Map(
  Object.entries(encodings).flatMap(([name, encode]) => [
    [`server-${name}.xml`, new Uint8Array(encode(server))] as const,
    [`context-${name}.xml`, new Uint8Array(encode(context))] as const,
  ]),
)

const kinds: readonly SpecKind[] = [
  ...['7.0.109', '8.5.100', '9.0.122', '10.1.60', '11.0.24'].map((version) =>
    kind(version, version, null),
  ),
  ...Object.keys(encodings).map((base) => kind(`edited, ${base}`, '9.0.122', base)),
]

const property: Property = {
  kinds,
  inputs,
  isOurs: (path) => path.startsWith('tomcat/'),
  decode: (words) => words,
  isAside: () => false,
  isHopeless: () => false,
  forbids: (_, value, words) =>
    /\$\{.*\}/s.test(value) && words.some((word) => word.includes(value))
      ? 'Tomcat puts a property there'
      : null,
}

test(
  'Tomcat reads any text of a spec unchanged, or the spec is refused at its place',
  patience,
  () => {
    assertProperty(property)
  },
)
