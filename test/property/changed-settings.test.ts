import { expect, test } from 'vitest'
import type { DialectName, Input } from '../../src/core/dialects/dialect.ts'
import { insideOnly } from '../../src/core/outside.ts'
import { compile, readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { type Element, readXml } from '../readers/xml.ts'
import { configOf } from '../support/compile.ts'

/** What a spec says of its upstream. */
type Setting = Readonly<Record<string, unknown>>

/** Existing files, by the names that the spec has for them. */
type Files = Readonly<Record<string, string>>

interface Subject {
  readonly dialect: DialectName
  readonly files: Files
  readonly targets: Setting
  readonly settings: Readonly<Record<string, Setting>>
  /** What sessctl owns in the files, in any order, if those of a fresh start are the wanted ones. */
  readonly ownedIn: (files: Files, wanted: Files) => readonly string[]
}

/** The files after `generate`; those that it does not change are as they were. */
const edited = ({ dialect, targets }: Subject, setting: Setting, files: Files): Files => {
  const servers = { a: '10.0.0.1:8080', b: '10.0.0.2:8080' }
  const upstreams = { shop: { servers, ...setting } }
  const stores = {
    redis: { kind: 'redis', addresses: ['10.0.0.5:6379'] },
    cache: { kind: 'memcached', servers: { n1: '10.0.0.6:11211', n2: '10.0.0.7:11211' } },
    db: { kind: 'jdbc', url: 'jdbc:postgresql://db/shop', driver: 'org.postgresql.Driver' },
  }
  const isTomcat = dialect === 'tomcat'
  const spec = { version: 1, name: 'shop', targets, upstreams, ...(isTomcat ? { stores } : {}) }
  const inputs = new Map<string, Input>(
    Object.entries(files).map(([name, text]) => {
      const bytes = new TextEncoder().encode(text)
      return [name, isTomcat ? bytes : configOf(name, bytes)]
    }),
  )
  const resolved = resolveSpec(readSpec('sessctl.yaml', JSON.stringify(spec)), {})
  const { artifacts, diagnostics } = compile(resolved, insideOnly(inputs), new Set([dialect]))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const texts = artifacts.flatMap(({ source, text }) => (source === null ? [] : [[source, text]]))
  return { ...files, ...Object.fromEntries(texts) }
}

const linesIn = (files: Files): readonly string[] =>
  Object.values(files)
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim().replace(/\s+/g, ' '))

const without = (line: string, pattern: RegExp): string => line.replace(pattern, '')

const methods: Subject['settings'] = {
  none: {},
  least: { balance: 'least_conn' },
  session: { affinity: { method: 'jvm_route' } },
  cookie: { affinity: { method: 'sticky', by: 'cookie', cookie: 'SRV' } },
  'another cookie': {
    affinity: {
      ...{ method: 'sticky', by: 'cookie', cookie: 'SRV', domain: 'shop.example', secure: true },
      ...{ expires: '1h', sameSite: 'lax', httpOnly: true },
    },
  },
  states: {
    servers: {
      a: { address: '10.0.0.1:8080', weight: 3 },
      b: { address: '10.0.0.2:8080', state: 'backup' },
      c: { address: '10.0.0.3:8080', state: 'down' },
    },
  },
}

const hashes: Subject['settings'] = {
  address: { affinity: { method: 'ip_hash' } },
  hash: { affinity: { method: 'hash', key: '$cookie_USER', consistent: true } },
}

const strict: Setting = {
  affinity: { method: 'sticky', by: 'cookie', cookie: 'SRW', onFailure: 'strict' },
}

const nginx: Subject = {
  dialect: 'nginx',
  targets: { nginx: { version: '1.30.3', base: 'site.conf' } },
  files: {
    'site.conf': 'server {\n    listen 80;\n    location / { proxy_pass http://shop; }\n}\n',
  },
  settings: {
    ...methods,
    ...hashes,
    maps: { affinity: { method: 'jvm_route', via: 'maps' } },
    variables: {
      affinity: { method: 'sticky', by: 'route', from: ['$cookie_route', '$arg_route'] },
    },
  },
  // `sticky` gives servers a name only where the file has names. The words of `sticky` have no order.
  ownedIn: (files) =>
    linesIn(files).map((line) => {
      if (/^server \d/.test(line)) return without(line, / route=\w+/)
      return line.startsWith('sticky cookie ')
        ? line.replace(';', '').split(' ').sort().join(' ')
        : line
    }),
}

const haproxy: Subject = {
  dialect: 'haproxy',
  targets: { haproxy: { version: '3.2', base: 'h.cfg' } },
  files: {
    'h.cfg': 'defaults\n    mode http\n\nfrontend f\n    bind :80\n    default_backend shop\n',
  },
  settings: { ...methods, ...hashes, strict },
  // Of a server, its number is that of the file; checks, retries and the function of a hash are, too.
  ownedIn: (files) =>
    linesIn(files)
      .filter((line) => !/^(?:default-server|retries|hash-type) /.test(line))
      .map((line) => (line.startsWith('server ') ? without(line, / id \d+/) : line)),
}

const httpd: Subject = {
  dialect: 'httpd',
  targets: { httpd: { version: '2.4', base: 'h.conf' } },
  files: { 'h.conf': '<VirtualHost *:80>\n    ProxyPass / balancer://shop/\n</VirtualHost>\n' },
  settings: { ...methods, strict },
  // Words of a member have no order; the default method may be written.
  ownedIn: (files) =>
    linesIn(files).flatMap((line) => {
      if (line.startsWith('BalancerMember ')) return line.split(' ').sort().join(' ')
      if (!line.startsWith('ProxySet ')) return line
      return line.split(' ').filter((word) => !/^(?:ProxySet|lbmethod=byrequests)$/.test(word))
    }),
}

const app = (sessions: Setting, more: Setting = {}): Setting => ({
  affinity: { method: 'jvm_route' },
  app: {
    ...{ runtime: 'tomcat', version: '9.0.122', sessions },
    tomcat: { base: 'server.xml', contextBase: 'context.xml' },
  },
  ...more,
})

const replicated = (more: Setting = {}): Setting => app({ store: 'delta', ...more })

/** Attributes that only a new element gets, and those with which Tomcat does the same. */
const keptAttributes =
  /^(?:maxIdleBackup=.*|saveOnRestart=.*|jvmRoute=b|channelStartOptions=15|lockingMode=none)$/

/** Elements that stay if the spec does not have them: some are reported, the others have no effect. */
const keptElements =
  /\.(?:TcpPingInterceptor|EncryptInterceptor|McastService)$|^javax\.sql\.DataSource$/

/** The elements of a file with their attributes, without those that may stay. */
const elementsIn = ({ attributes, elements, name }: Element): readonly string[] => {
  if (keptElements.test(attributes.get('className') ?? attributes.get('type') ?? '')) return []
  const pairs = [...attributes]
    .map(([key, value]) => `${key}=${value}`)
    .filter((pair) => !keptAttributes.test(pair))
  return [[name, ...pairs.sort()].join(' '), ...elements.flatMap(elementsIn)]
}

const tomcat: Omit<Subject, 'settings'> = {
  dialect: 'tomcat',
  targets: { nginx: { version: '1.30.3' } },
  files: {
    'server.xml':
      '<Server port="8005">\n  <Service name="Catalina">\n    <Connector port="8080"/>\n    <Engine name="Catalina" defaultHost="localhost">\n      <Host name="localhost" appBase="webapps"/>\n    </Engine>\n  </Service>\n</Server>\n',
    'context.xml': '<Context>\n  <WatchedResource>WEB-INF/web.xml</WatchedResource>\n</Context>\n',
  },
  // A Cluster that the spec does not have stays, and is reported.
  ownedIn: (files, wanted) =>
    Object.entries(files).flatMap(([name, text]) => {
      const isKept = !wanted[name]?.includes('<Cluster')
      return elementsIn(readXml(isKept ? text.replace(/<Cluster.*<\/Cluster>/s, '') : text))
    }),
}

const stores: Subject = {
  ...tomcat,
  settings: {
    files: app({ store: 'file', directory: 'sessions' }),
    'shared files': app({ store: 'file', directory: '/mnt', sharedBetweenServers: true }),
    database: app({ store: 'jdbc', use: 'db' }),
    'shared database': app({ store: 'jdbc', use: 'db', sharedBetweenServers: true }),
    redisson: app({ store: 'redisson', use: 'redis' }),
    memcached: app({ store: 'memcached', use: 'cache' }),
    'memcached for all': app(
      { store: 'memcached', use: 'cache', sticky: false },
      { affinity: { method: 'none' } },
    ),
    replicated: replicated(),
  },
}

const clusters: Subject = {
  ...tomcat,
  settings: {
    static: replicated(),
    'static-service': replicated({ membership: 'static-service' }),
    multicast: replicated({ membership: 'multicast' }),
    dns: replicated({ membership: 'dns' }),
    encrypted: replicated({ encryptionKey: '0123456789abcdef0123456789abcdef' }),
    backup: app({ store: 'backup' }, { affinity: { method: 'none' } }),
  },
}

test.each([nginx, haproxy, httpd, stores, clusters])(
  '$dialect: a changed setting leaves nothing of the one before',
  (subject) => {
    const { files, ownedIn, settings } = subject
    const fresh = Object.entries(settings).map(
      ([name, setting]) => [name, setting, edited(subject, setting, files)] as const,
    )
    const differences: Record<string, unknown> = {}
    for (const [from, , before] of fresh)
      for (const [to, setting, wanted] of fresh) {
        if (from === to) continue
        const own = (one: Files): readonly string[] =>
          ownedIn(one, wanted)
            .filter((line) => line !== '')
            .toSorted()
        const [is, expected] = [own(edited(subject, setting, before)), own(wanted)]
        const left = is.filter((line) => !expected.includes(line))
        const lacks = expected.filter((line) => !is.includes(line))
        if (left.length + lacks.length > 0) differences[`${from} → ${to}`] = { left, lacks }
      }
    expect(differences).toEqual({})
  },
)
