import { describe, expect, test } from 'vitest'
import type { ConfFolder, Input } from '../../../src/core/dialects/dialect.ts'
import { compileText } from '../../support/compile.ts'
import { specOf } from './support.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const redisson = 'org.redisson.tomcat.RedissonSessionManager'
const stores = '\nstores: { redis: { kind: redis, addresses: ["10.0.0.5:6379"] } }\n'

interface Given {
  /** Of the host in server.xml. */
  readonly contexts?: string
  /** In conf. */
  readonly files?: Readonly<Record<string, string>>
  readonly webapp?: Input
  readonly app?: string
  readonly affinity?: string
  readonly contextBase?: string
}

const servers = '{ tomcat01: "10.0.0.1:8080", tomcat02: "10.0.0.2:8080" }'

const compiled = (given: Given) => {
  const { contexts = '', files = {}, webapp, app = '', affinity, contextBase } = given
  const serverXml = `<Server port="-1"><Service name="Catalina"><Connector port="8080"/>\n<Engine name="Catalina" defaultHost="localhost" jvmRoute="x">\n<Host name="localhost" appBase="webapps">\n${contexts}\n</Host></Engine></Service></Server>`
  const conf: ConfFolder = {
    form: 'conf',
    files: new Map(Object.entries(files).map(([name, text]) => [name, encode(text)])),
  }
  const inputs = new Map<string, Input>([
    ['conf/server.xml', encode(serverXml)],
    ['conf/', conf],
    ...(webapp === undefined ? [] : [['shop.war', webapp] as const]),
    ...(contextBase === undefined ? [] : [['c.xml', encode(contextBase)] as const]),
  ])
  const bases = `base: conf/server.xml${contextBase === undefined ? '' : ', contextBase: c.xml'}`
  const named = webapp === undefined ? '' : ', webapp: shop.war'
  const text = specOf({
    servers,
    ...(affinity === undefined ? {} : { affinity }),
    app: `version: "9.0.122", tomcat: { ${bases} }${named}${app}`,
  })
  const { artifacts, diagnostics } = compileText(text + stores, inputs)
  const find = (end: string) => artifacts.find(({ path }) => path.endsWith(end))?.text ?? ''
  const said = diagnostics
    .filter(({ code }) => /context-(?:manager|local|cookie)|mismatch/.test(code))
    .map(({ code, message, location }) => `${location.file}:${location.line} ${code}: ${message}`)
  return { nginx: find('.conf'), said }
}

const shared = ', sessions: { store: redisson, use: redis }'
const own = '<Manager pathname=""/>'

describe('a Manager that overrides that of the spec', () => {
  test.each([
    [
      'an inline Context with override',
      { contexts: `<Context path="/a" override="true">${own}</Context>` },
      'conf/server.xml:4',
    ],
    [
      'an inline Context that overrides without a Manager',
      { contexts: '<Context path="" override="true"/>' },
      'conf/server.xml:4',
    ],
    [
      'context.xml.default',
      { files: { 'Catalina/localhost/context.xml.default': `<Context>${own}</Context>` } },
      'conf/Catalina/localhost/context.xml.default:1',
    ],
    [
      'the file of a context',
      { files: { 'Catalina/localhost/shop.xml': `<Context>${own}</Context>` } },
      'conf/Catalina/localhost/shop.xml:1',
    ],
    [
      'META-INF/context.xml',
      { webapp: { form: 'war', webXml: null, contextXml: encode(`<Context>${own}</Context>`) } },
      'shop.war/META-INF/context.xml:1',
    ],
  ] as const)('%s is an error at its place', (_, given, place) => {
    const { said } = compiled({ ...given, app: shared })
    expect(said).toEqual([expect.stringContaining(`${place} tomcat-context-manager: `)])
  })

  test.each([
    [
      'an inline Context: conf/context.xml is read after it',
      { contexts: `<Context path="">${own}</Context>` },
    ],
    [
      'a file of another host',
      { files: { 'Catalina/other/shop.xml': `<Context>${own}</Context>` } },
    ],
    [
      'a META-INF/context.xml that a file below conf hides',
      {
        webapp: { form: 'war', webXml: null, contextXml: encode(`<Context>${own}</Context>`) },
        files: { 'Catalina/localhost/shop.xml': '<Context/>' },
      },
    ],
    [
      'the contexts of Tomcat itself',
      { files: { 'Catalina/localhost/manager.xml': `<Context override="true">${own}</Context>` } },
    ],
    [
      'conf/context.xml, which is written',
      { files: { 'context.xml': `<Context>${own}</Context>` } },
    ],
  ] as const)('%s does not override it', (_, given) => {
    expect(compiled({ ...given, app: shared }).said).toEqual([])
  })

  test('a Context without a path is named by its whole docBase', () => {
    const contexts = `<Context docBase="/a/b.war" override="true">${own}</Context>`
    expect(compiled({ contexts, app: shared }).said).toEqual([
      expect.stringContaining('context /a/b stores its sessions'),
    ])
  })

  test('a context file overrides conf/context.xml, and a Context in server.xml overrides the context file', () => {
    const app = `${shared}, context: /shop`
    expect(compiled({ app, files: { 'context.xml': `<Context>${own}</Context>` } }).said).toEqual(
      [],
    )
    expect(compiled({ app, contexts: '<Context path="/shop" docBase="shop"/>' }).said).toEqual([
      expect.stringMatching(/conf\/server\.xml:4 tomcat-context-manager: .*reads no context file/),
    ])
  })

  test('is a warning with local sessions', () => {
    expect(compiled({ contexts: `<Context path="/jira">${own}</Context>` }).said).toEqual([
      'conf/server.xml:4 tomcat-context-local: context /jira loses all sessions at a restart: this Manager has pathname=""',
    ])
    const other = `<Context><Manager className="${redisson}"/></Context>`
    expect(compiled({ files: { 'Catalina/localhost/ROOT.xml': other } }).said).toEqual([
      expect.stringContaining(`context-local: context / stores its sessions with ${redisson}`),
    ])
  })
})

describe('the balancer reads the cookie that Tomcat sends', () => {
  const webXml = (name: string) =>
    encode(
      `<web-app><session-config><cookie-config><name>${name}</name></cookie-config></session-config></web-app>`,
    )
  test.each([
    ['an edited context.xml', { contextBase: '<Context sessionCookieName="OURS"/>' }],
    ['the only inline Context', { contexts: '<Context path="" sessionCookieName="OURS"/>' }],
    [
      'context.xml.default',
      {
        files: { 'Catalina/localhost/context.xml.default': '<Context sessionCookieName="OURS"/>' },
      },
    ],
    [
      'the file of a context',
      { files: { 'Catalina/localhost/shop.xml': '<Context sessionCookieName="OURS"/>' } },
    ],
    [
      'META-INF/context.xml',
      {
        webapp: {
          form: 'war',
          webXml: null,
          contextXml: encode('<Context sessionCookieName="OURS"/>'),
        },
      },
    ],
    ['web.xml', { webapp: { form: 'folder', webXml: webXml('OURS') } }],
    ['web.xml alone', { webapp: webXml('OURS') }],
    ['conf/web.xml', { files: { 'web.xml': new TextDecoder().decode(webXml('OURS')) } }],
  ] as const)('%s', (_, given) => {
    const { nginx, said } = compiled(given)
    expect(nginx).toMatch(/cookie_OURS/)
    expect(nginx).not.toMatch(/JSESSIONID/)
    expect(said).toEqual([])
  })

  test('a Context overrides a web.xml', () => {
    const given = { contextBase: '<Context sessionCookieName="OURS"/>', webapp: webXml('THEIRS') }
    expect(compiled(given).nginx).toMatch(/cookie_OURS/)
  })

  test('the cookie of affinity in the spec is compared with the cookie that Tomcat sends', () => {
    const affinity = '{ method: jvm_route, cookie: OTHER }'
    const contextBase = '<Context sessionCookieName="OURS"/>'
    expect(compiled({ affinity, contextBase }).said).toEqual([
      expect.stringMatching(
        /cookie-name-mismatch: the balancer reads the cookie OTHER, but Tomcat sends OURS$/,
      ),
    ])
    const same = '{ method: jvm_route, cookie: OURS }'
    expect(compiled({ affinity: same, contextBase }).said).toEqual([])
  })

  test('a cookie name that another file overrides, and contexts with different names, are reported', () => {
    const { said } = compiled({
      app: ', cookie: { name: SPEC }',
      files: {
        'Catalina/localhost/shop.xml': '<Context sessionCookieName="OURS" sessionCookiePath="/x"/>',
      },
    })
    expect(said.join('\n')).toContain(
      'conf/Catalina/localhost/shop.xml:1 tomcat-context-cookie: sessionCookieName of context /shop is "OURS", not "SPEC" as in the spec',
    )
    const two = compiled({
      contexts:
        '<Context path="/a" sessionCookieName="A"/><Context path="/b" sessionCookieName="B"/>',
    })
    expect(two.nginx).toMatch(/JSESSIONID/)
    expect(two.said).toEqual([
      expect.stringContaining('sends the session cookie A, but'),
      expect.stringContaining('sends the session cookie B, but'),
    ])
  })
})
