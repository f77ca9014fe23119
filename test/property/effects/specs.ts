/** A spec with one target, and which of its fields are looked at. */
export interface Example {
  readonly name: string
  readonly spec: object
  /** Dotted beginnings of paths. */
  readonly below: readonly string[]
}

const affinities: Readonly<Record<string, object>> = {
  ip_hash: { method: 'ip_hash' },
  hash: { method: 'hash', key: '$remote_addr' },
  jvm_route: { method: 'jvm_route' },
  'jvm_route, prefix': { method: 'jvm_route', mode: 'prefix' },
  'sticky cookie': { method: 'sticky', by: 'cookie' },
  'sticky cookie, prefix': { method: 'sticky', by: 'cookie', cookie: 'JSESSIONID', mode: 'prefix' },
  'sticky cookie, rewrite': { method: 'sticky', by: 'cookie', mode: 'rewrite' },
  'sticky route': { method: 'sticky', by: 'route', from: ['$cookie_route', '$arg_route'] },
  'sticky learn': {
    method: 'sticky',
    by: 'learn',
    create: '$upstream_cookie_JSESSIONID',
    lookup: '$cookie_JSESSIONID',
  },
}

const targets: Readonly<Record<string, object>> = {
  'nginx 1.18': { nginx: { version: '1.18.0' } },
  'nginx 1.30': { nginx: { version: '1.30.6', standalone: true } },
  'nginx with jvm_route': { nginx: { version: '1.26.3', modules: ['jvm_route'] } },
  'nginx with jvm_route, unpatched': {
    nginx: { version: '1.26.3', modules: ['jvm_route'], unpatched: true },
  },
  'nginx with sticky-ng': { nginx: { version: '1.22.1', modules: ['sticky-ng'] } },
  Angie: { nginx: { version: '1.12.0', flavor: 'angie' } },
  'NGINX Plus': { nginx: { version: '1.27.2', flavor: 'nginx-plus' } },
  Tengine: {
    nginx: {
      version: '3.1.0',
      flavor: 'tengine',
      modules: ['session_sticky', 'upstream_check', 'vts'],
    },
  },
  'HAProxy 2.2': { haproxy: { version: '2.2' } },
  'HAProxy 3.2': { haproxy: { version: '3.2' } },
  httpd: { httpd: { version: '2.4' } },
}

/** The frontend of specs that differ in their upstream. */
const plainFrontends = {
  web: {
    listen: [80, { address: 443, tls: { certificate: '/etc/ssl/a.crt', key: '/etc/ssl/a.crt' } }],
    clientAddress: { trust: ['10.0.0.0/8'] },
    locations: [
      { match: '/', upstream: 'tomcats' },
      { match: '= /status', status: 'tomcats', allow: ['127.0.0.1'] },
    ],
  },
}

const files = {
  match: '/files/',
  root: '/srv/www',
  index: ['index.html'],
  tryFiles: ['/files/a.html'],
  expires: '7d',
  listing: true,
  charset: 'utf-8',
}

const aliased = { match: '/images/', alias: '/srv/images' }

const guarded = {
  match: ['/private/', '~ ^/secret'],
  upstream: 'tomcats',
  deny: ['10.9.0.0/16'],
  basicAuth: { file: '/etc/ssl/users', realm: 'Private' },
}

const frontendFor = (target: object) => ({
  listen: [80, { address: 443, tls: { certificate: '/etc/ssl/a.crt', key: '/etc/ssl/a.crt' } }],
  serverNames: ['shop.example.com'],
  clientAddress: { trust: ['10.0.0.0/8'] },
  websocket: true,
  hsts: { maxAge: '30d' },
  limits: {
    perAddress: { requests: '50/s', burst: 70, connections: 80 },
    perSession: { cookie: 'ID', requests: '15/s', burst: 7, connections: 8 },
  },
  errorPages: { '502 503': { file: '/srv/pages/down.html' } },
  interceptErrors: true,
  responseHeaders: { set: { 'X-Frame-Options': 'DENY' }, remove: ['X-Powered-By'] },
  redirectToHttps: { except: ['/.well-known/'] },
  headers: { 'X-Env': 'prod' },
  tls: { clientCertificate: { verify: 'optional', ca: '/etc/ssl/c.pem' } },
  accessLog: { path: '/var/log/web.log', syslog: '10.0.0.9:514' },
  locations: [
    { match: '/', upstream: 'tomcats' },
    ...('haproxy' in target ? [] : [files, aliased, guarded]),
    { match: '/old/', redirect: { to: '/new/' } },
    { match: '= /health', respond: { body: 'ok' } },
    { match: '= /status', status: 'tomcats', allow: ['127.0.0.1'] },
  ],
})

const tomcat = { runtime: 'tomcat', version: '9.0.122', cookie: {} }

const servers = {
  tomcat01: { address: '10.0.0.1:8080', tomcat: {} },
  tomcat02: '10.0.0.2:8080',
  tomcat03: '10.0.0.3:8080',
}

const specOf = (target: object, upstream: object) => ({
  version: 1,
  name: 'shop',
  targets: target,
  frontends: plainFrontends,
  upstreams: { tomcats: { nextUpstream: { on: ['error'] }, check: {}, servers, ...upstream } },
})

/** Each way that nginx can be told to write it; the other targets have no such choice. */
const viasOf = (target: object): readonly object[] =>
  'nginx' in target ? [{}, ...['module', 'native', 'maps'].map((via) => ({ via }))] : [{}]

const appsFor = (via: object): readonly (readonly [name: string, upstream: object])[] => [
  ['no application', {}],
  ...(Object.keys(via).length === 0 ? [['Tomcat', { app: tomcat }] as const] : []),
]

const ofTheUpstream = (...names: string[]) => names.map((name) => `upstreams.tomcats.${name}`)

/** Fields whose effect a forced way or an application can change: checks, timeouts, targets are others. */
const fieldsThatDependOn = (chosen: object): readonly string[] => {
  if ('via' in chosen) return ofTheUpstream('affinity', 'balance', 'keepalive', 'servers', 'zone')
  if ('app' in chosen) return ofTheUpstream('affinity', 'app', 'servers')
  return ['targets', 'upstreams.tomcats']
}

const ofAffinities = Object.entries(targets).flatMap(([name, target]) =>
  Object.entries(affinities).flatMap(([method, affinity]) =>
    viasOf(target).flatMap((via) =>
      appsFor(via).map(([runtime, app]) => ({
        name: [name, method, ...Object.values(via), runtime].join(', '),
        spec: specOf(target, { affinity: { ...affinity, ...via }, ...app }),
        below: fieldsThatDependOn({ ...via, ...app }),
      })),
    ),
  ),
)

const stores = {
  redis: { kind: 'redis', addresses: ['10.0.0.9:6379'] },
  redis2: { kind: 'redis', addresses: ['10.0.0.8:6379'] },
  memcached: { kind: 'memcached', servers: { n1: '10.0.0.9:11211' } },
  database: { kind: 'jdbc', driver: 'org.x.Driver', url: 'jdbc:x' },
}

/** What does not depend on the affinity, in a spec with parts that nothing refers to. */
const ofTheRest = Object.entries(targets).map(([name, target]) => {
  const spec = specOf(target, {})
  const web = frontendFor(target)
  const admin = { ...web, listen: [8443], locations: web.locations.slice(-1) }
  const alone = { check: {}, nextUpstream: {}, servers }
  return {
    name,
    spec: {
      ...spec,
      frontends: { web, admin },
      upstreams: { ...spec.upstreams, alone },
      stores,
    },
    // Frontends do not depend on the modules of nginx.
    below: [
      'targets',
      ...(name.startsWith('nginx with') ? [] : ['frontends']),
      'upstreams',
      'stores',
    ],
  }
})

const peers = { r1: '10.0.0.10:10000', r2: '10.0.0.11:10000' }

/** What several HAProxy processes share is written only where sessions are learned. */
const ofPeers: Example = {
  name: 'HAProxy 3.2 with peers',
  spec: specOf(
    { haproxy: { version: '3.2', peers, localPeer: 'r1' } },
    { affinity: affinities['sticky learn'] },
  ),
  below: ['targets'],
}

const resolver = { addresses: ['10.0.0.2:53'], valid: '10s' }

/** Names are looked up, with an affinity that each address has a value of its own for. */
const ofNames: readonly Example[] = Object.entries({
  'nginx 1.30': { nginx: { version: '1.30.6', resolver } },
  'HAProxy 3.2': { haproxy: { version: '3.2', resolver } },
  httpd: { httpd: { version: '2.4' } },
}).map(([name, target]) => ({
  name: `${name} with names that resolve`,
  spec: specOf(target, {
    affinity: affinities['sticky cookie'],
    servers: {
      tomcat01: { address: 'app1.internal:8080', resolve: true, maxAddresses: 1 },
      tomcat02: { address: 'app2.internal:8080', resolve: true, maxAddresses: 1 },
    },
  }),
  below: ['targets', 'upstreams.tomcats.servers'],
}))

const apps: readonly object[] = [
  ...[
    { store: 'file', directory: '/srv/sessions' },
    { store: 'jdbc', use: 'database' },
    { store: 'delta' },
    { store: 'redisson', use: 'redis' },
    { store: 'memcached', use: 'memcached' },
  ].map((sessions) => ({ ...tomcat, sessions })),
  { runtime: 'spring', version: '3.5', sessions: { store: 'spring-session', use: 'redis' } },
  { runtime: 'php', version: '8.3', sessions: { store: 'redis', use: 'redis' } },
  { runtime: 'django', version: '5.2', sessions: { store: 'cache', use: 'redis' } },
]

const ofApps = apps.map((app) => ({
  name: JSON.stringify(app),
  spec: { ...specOf({ haproxy: { version: '3.2' } }, { app }), stores },
  below: ['upstreams.tomcats.app', 'upstreams.tomcats.servers', 'stores'],
}))

/** Each target with each affinity, each way that is forced, with Tomcats and without; and the rest. */
export const examples: readonly Example[] = [
  ...ofAffinities,
  ...ofTheRest,
  ofPeers,
  ...ofNames,
  ...ofApps,
]
