import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/core/dialects/dialect.ts'
import {
  addFiles,
  compile,
  inputFiles,
  readSpec,
  resolveSpec,
  shownDiagnostics,
} from '../../../src/core/pipeline.ts'
import { fc } from '../../support/fast-check.ts'
import { pathsReadBy, textFields } from '../../support/schema-paths.ts'

const folder = new URL('../../../fixtures/specs/', import.meta.url)

/** In every name and value of the files. */
const secret = 'Hunter2'

const spec = (app: string) => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [8080], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { tomcat01: "10.0.0.1:8081" }
    app: { runtime: tomcat, version: "9.0.122", ${app} }
`
const apps = [
  'tomcat: { base: /host/conf/server.xml, contextBase: /host/context.xml }, webapp: /host/app, sessions: { store: delta }',
  'tomcat: { base: /host/conf/server.xml }, webapp: /host/app, cookie: { name: SHOP, path: / }',
  'tomcat: { contextBase: /host/context.xml }, sessions: { store: file, directory: /srv/x }',
]

const server = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE Server [<!ENTITY ${secret} SYSTEM "${secret}.xml"><!ENTITY in${secret} "<Connector port='8088' name='${secret}'/>">]>
<Server port="8006" shutdown="${secret}">
  <!-- ${secret} -->
  <Listener className="${secret}.Listener"/>
  <Service name="${secret}">
    <Connector port="8443" secret="${secret}" address="${secret}"/>
    <Connector port="8082" protocol="HTTP/1.1" address="10.0.0.9"/>
    <Engine name="${secret}" defaultHost="${secret}" jvmRoute="${secret}">&${secret};&in${secret};
      <Cluster className="${secret}"><Manager className="${secret}"/><Deployer className="${secret}"/></Cluster>
      <Valve className="org.apache.catalina.valves.RemoteIpValve" internalProxies="10.0.0.0/8,${secret}" trustedProxies="10.0.0.0/8"/>
      <Host name="${secret}" appBase="webapps"><Context path="/${secret}" docBase="${secret}" sessionCookieName="${secret}" override="true"><Manager className="${secret}" pathname=""/></Context></Host>
    </Engine>
  </Service>
  <Service name="b"><Connector port="8083"/><Engine name="${secret}b" defaultHost="${secret}"/></Service>
</Server>
`
const context = `<Context sessionCookieName="${secret}" sessionCookiePath="/${secret}" docBase="${secret}" override="true"><Manager className="${secret}" pathname="${secret}"/><Store dataSourceName="${secret}"/></Context>`
const webXml = `<web-app><session-config><cookie-config><name>${secret}</name><path>/${secret}</path></cookie-config></session-config></web-app>`

interface Texts {
  readonly server: string
  readonly context: string
  readonly webXml: string
}

const bytes = (text: string) => new TextEncoder().encode(text)

const inputsOf = ({ server, context, webXml }: Texts): ReadonlyMap<string, Input> =>
  new Map<string, Input>([
    ['/host/conf/server.xml', bytes(server)],
    ['/host/context.xml', bytes(context)],
    ['/host/app', { form: 'folder', webXml: bytes(webXml), contextXml: bytes(context) }],
    [
      '/host/conf/',
      {
        form: 'conf',
        files: new Map([
          ['context.xml', bytes(context)],
          ['web.xml', bytes(webXml)],
          [`${secret}/${secret.toLowerCase()}/ROOT.xml`, bytes(context)],
        ]),
      },
    ],
  ])

/** What is said of the files, without their names. */
const said = (app: string, texts: Texts, isOutside: boolean): string => {
  const resolved = resolveSpec(readSpec('sessctl.yaml', spec(app)), {})
  const inputs = inputsOf(texts)
  const files = { inputs, outside: new Set(isOutside ? inputs.keys() : []), problems: [] }
  const diagnostics = shownDiagnostics(compile(resolved, files, null))
  const early = addFiles(resolved, files).diagnostics
  return JSON.stringify([
    diagnostics.map(({ location, ...rest }) => ({ ...rest, line: location.lineText })),
    early.map(({ code, message, help, at }) => [
      code,
      message,
      help,
      at.kind === 'file' ? at.lineText : null,
    ]),
  ])
}

const whole: Texts = { server, context, webXml }

describe('reports only place and reason for files outside of the repository', () => {
  test.each(apps)('{ %s }', (app) => {
    expect(said(app, whole, false)).toContain(secret)
    expect(said(app, whole, true)).not.toContain(secret)
    expect(said(app, whole, true)).toContain('its content is not shown')
  })

  test('rules do not quote the cookie name of such a file in any command', () => {
    const app = 'tomcat: { base: /host/conf/server.xml }, webapp: /host/app'
    const written = spec(app).replace('jvm_route', 'jvm_route, cookie: OTHER')
    const resolved = resolveSpec(readSpec('sessctl.yaml', written), {})
    const inputs = inputsOf({ server: '<Server/>', context: '<Context/>', webXml })
    const saidOf = (outside: ReadonlySet<string>) =>
      JSON.stringify(addFiles(resolved, { inputs, outside, problems: [] }).diagnostics)
    expect(saidOf(new Set())).toContain(secret)
    expect(saidOf(new Set(inputs.keys()))).not.toContain(secret)
  })

  test('nor do files that are truncated or damaged', () => {
    const texts: readonly (keyof Texts)[] = ['server', 'context', 'webXml']
    const damage = fc.constantFrom(
      '',
      '<',
      '"',
      '&',
      `&${secret}2;`,
      `<${secret}`,
      '\u0001',
      ' x="1" x="2"',
      '-->',
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...apps),
        fc.constantFrom(...texts),
        fc.nat(server.length),
        damage,
        fc.boolean(),
        (app, name, at, inserted, isCut) => {
          const text = whole[name]
          const damaged = text.slice(0, at) + inserted + (isCut ? '' : text.slice(at))
          expect(said(app, { ...whole, [name]: damaged }, true)).not.toContain(secret)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('a password file is not quoted', () => {
    const shadow = `root:$6$${secret}:19000:0:99999:7:::\n`
    for (const app of apps) {
      const shown = said(app, { server: shadow, context: shadow, webXml: shadow }, true)
      expect(shown).not.toContain(secret)
      expect(shown).toContain('this is not well-formed XML')
    }
  })

  test('values of the spec are still quoted', () => {
    const written = spec('tomcat: { base: /host/conf/server.xml }').replace('jvm_route', 'ip_hash')
    const resolved = resolveSpec(
      readSpec(
        'sessctl.yaml',
        `${written}stores: { unused: { kind: redis, mode: single, addresses: ["10.0.0.5:6379"], password: abcdefgh } }\n`,
      ),
      {},
    )
    const inputs = inputsOf(whole)
    const files = { inputs, outside: new Set(inputs.keys()), problems: [] }
    const messages = shownDiagnostics(compile(resolved, files, null)).map(({ message }) => message)
    expect(messages.join('\n')).toMatch(/plain text/)
  })
})

describe('every path of the schema has a program that opens it', () => {
  /** Texts about files that are not paths. */
  const others = [
    /^build\.(version|compiler)$/,
    /\.(match|upstream|status)$/,
    /\.app\.context$/,
    /^targets\./,
  ]

  test('and every field that sounds like a path is one of them', () => {
    const unclear = textFields().filter(
      ({ path, reader, description }) =>
        reader === null &&
        /\b(files?|folder|directory|tarball)\b|\.xml\b/.test(description) &&
        !others.some((other) => other.test(path.join('.'))),
    )
    expect(unclear.map(({ path }) => path.join('.'))).toEqual([])
  })

  test('and no other is opened', () => {
    const opened = new Set(pathsReadBy('sessctl').map((path) => path.split('.').at(-1)))
    expect([...opened].sort()).toEqual(['base', 'contextBase', 'file', 'webapp'])
    expect(pathsReadBy('server')).toEqual(expect.arrayContaining(['stores.*.password.file']))
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
      const text = readFileSync(new URL(name, folder), 'utf8')
      const { cluster } = resolveSpec(readSpec(name, text), {})
      for (const { kind, at } of cluster === null ? [] : inputFiles(cluster, null)) {
        // The folder of a server.xml comes with its base.
        if (kind === 'conf' || at.kind !== 'spec') continue
        expect(opened).toContain(at.path.at(-1))
      }
    }
  })
})
