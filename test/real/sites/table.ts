import type { Asked } from './ask.ts'
import { trustedProxy } from './place.ts'

export type Dialect = 'nginx' | 'haproxy' | 'httpd'

/** What must be seen of an answer. */
export interface Seen {
  readonly status: number
  /** In lower case; null: the answer does not have it. */
  readonly headers?: Readonly<Record<string, RegExp | null>>
  readonly body?: RegExp
  /** The server that answered, by its address in the spec. */
  readonly server?: RegExp
  /** The URL at the application. */
  readonly url?: string
  /** Headers at the application. */
  readonly received?: Readonly<Record<string, RegExp>>
}

type Request = Omit<Asked, 'port' | 'isTls' | 'host' | 'client'>

export interface Probe extends Request {
  /** The port in the spec. */
  readonly at: number
  readonly host: string
  readonly seen: Seen
  /** Proxies that cannot follow the spec, as `generate` reports. */
  readonly unlike?: Partial<Readonly<Record<Dialect, Seen>>>
  /** Requests at the same time: at least one gets the answer. */
  readonly times?: number
  /** Whether the client shows a certificate of the issuer. */
  readonly hasCertificate?: boolean
}

const ok: Seen = { status: 200 }

/** Of one host, by HTTPS unless it has none. */
const on = (host: string, at = 443) => {
  const seen = (path: string, what: Seen, more: Partial<Probe> = {}): Probe => ({
    host,
    at,
    path,
    seen: what,
    ...more,
  })
  return {
    seen,
    toHttps: (code: number): Probe => ({
      host,
      at: 80,
      path: '/a/b?c=d',
      seen: {
        status: code,
        headers: { location: new RegExp(`^https://${host}(?::\\d+)?/a/b\\?c=d$`) },
      },
    }),
    redirect: (path: string, code: number, to: string): Probe =>
      seen(path, { status: code, headers: { location: new RegExp(`^(?:https?://[^/]+)?${to}$`) } }),
    /** The largest body is accepted, as far as its announcement shows. */
    tooLarge: (path: string, bytes: number): Probe =>
      seen(path, { status: 413 }, { length: bytes + 1 }),
    /** Above the limit of other locations. */
    notTooLarge: (path: string): Probe => seen(path, ok, { length: 0 }),
    upgraded: (path: string): Probe => seen(path, { status: 101 }, { isUpgrade: true }),
    notUpgraded: (path: string): Probe =>
      seen(path, ok, { isUpgrade: true, unlike: { haproxy: { status: 101 } } }),
    forbidden: (path: string): Probe => seen(path, { status: 403 }),
    /** A client in one of the networks with access, behind the trusted proxy. */
    allowed: (path: string, address: string): Probe =>
      seen(path, ok, { from: trustedProxy, headers: { 'X-Forwarded-For': address } }),
    /** The shortest read timeout of the site is 2 s, and the others are 10 s; httpd has one for the host. */
    timesOut: (path: string, isOnlyOne = true): Probe =>
      seen(
        `${path}?wait=3500`,
        { status: 504 },
        { unlike: { httpd: isOnlyOne ? { status: 502 } : ok } },
      ),
    waits: (path: string): Probe => seen(`${path}?wait=3500`, ok),
  }
}

const kb = 1024
const mb = 1024 * kb

const secured = {
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^SAMEORIGIN$/,
  'x-powered-by': null,
}
const hsts = { 'strict-transport-security': /^max-age=\d+/ }

const packages = on('packages.example.com')
const hmis = on('hmis.example.org')
const clinic = on('clinic.example.net')
const login = on('login.example.com')
const issues = on('issues.example.org')
const manuals = on('docs.example.com', 80)
const chat = on('chat.example.org')
const s3 = on('s3.example.com')
const objects = on('console.s3.example.com')
const store = on('store.example.de')
const bazaar = on('bazaar.example.com')
const devices = on('devices.example.io', 8443)
const iot = on('iot.example.io')
const market = on('market.example.com', 80)
const campus = on('campus.example.edu')

/** The page of the site for failures. */
const unavailable = (status: number): Seen => ({
  status,
  body: /^srv\/market\/unavailable\.html$/,
})

/** What is seen of each site. Timeouts are seen last, because nginx avoids the servers for a while. */
export const table: Readonly<Record<string, readonly Probe[]>> = {
  'artifactory.yaml': [
    packages.toHttps(308),
    packages.redirect('/', 302, '/ui/'),
    packages.seen('/v2/x', {
      ...ok,
      server: /:8081$/,
      received: { 'x-jfrog-override-base-url': /^https:\/\/packages\.example\.com$/ },
    }),
    packages.seen('/ui/x', {
      ...ok,
      server: /:8082$/,
      headers: { 'set-cookie': /^packages_ui=.*secure/i },
    }),
    packages.timesOut('/artifactory/'),
  ],
  'dhis2.yaml': [
    hmis.toHttps(301),
    hmis.redirect('/', 302, '/dhis/'),
    hmis.tooLarge('/dhis/', 100 * mb),
    hmis.seen('/dhis/x', { ...ok, server: /^10\.6\.0\.1:/, url: '/dhis/x' }),
    hmis.seen('/status', ok),
    hmis.seen('/status', { status: 403 }, { from: '127.0.0.3' }),
    hmis.timesOut('/dhis/'),
  ],
  'django.yaml': [
    clinic.toHttps(301),
    clinic.tooLarge('/', 5 * mb),
    clinic.tooLarge('/import/', 200 * mb),
    clinic.forbidden('/admin/'),
    clinic.allowed('/admin/', '192.0.2.7'),
    clinic.seen('/x.php', { status: 404 }),
    clinic.waits('/reports/'),
    clinic.waits('/import/'),
    clinic.timesOut('/', false),
  ],
  'identity.yaml': [
    login.toHttps(301),
    login.seen('/realms/x', { ...ok, headers: { ...secured, ...hsts }, url: '/realms/x' }),
    login.seen('/account/x?y=1', { ...ok, url: '/realms/main/account/x?y=1' }),
    login.redirect('/account/x?location=/realms/main/account/z', 302, '/account/z'),
    login.redirect('/', 302, '/account/'),
    login.forbidden('/metrics'),
    login.forbidden('/admin/'),
    login.allowed('/admin/', '10.1.2.3'),
    login.tooLarge('/realms/', mb),
    login.seen(
      '/realms/main/login-actions/x',
      { status: 429 },
      { from: '127.0.0.4', times: 30, unlike: { httpd: ok } },
    ),
    login.timesOut('/realms/'),
  ],
  'jira.yaml': [
    issues.toHttps(301),
    issues.seen('/.well-known/acme-challenge/x', ok, { at: 80 }),
    issues.redirect('/', 302, '/secure/Dashboard.jspa'),
    issues.seen('/robots.txt', { ...ok, body: /^User-agent: \* Disallow: \/\s*$/ }),
    issues.tooLarge('/rest/', 20 * mb),
    issues.tooLarge('/x', 250 * mb),
    issues.waits('/rest/'),
    issues.timesOut('/x', false),
  ],
  'manuals.yaml': [
    manuals.seen('/guide', { ...ok, body: /^srv\/manuals\/guide\.html$/ }),
    manuals.seen('/assets/a.css', {
      ...ok,
      body: /^srv\/manuals\/assets\/a\.css$/,
      headers: { 'cache-control': /max-age=2592000/ },
    }),
    manuals.seen('/2019/old.html', { ...ok, body: /^srv\/archive\/old\.html$/ }),
    manuals.seen('/drafts/a.html', {
      status: 401,
      headers: { 'www-authenticate': /^Basic realm="Drafts"/ },
    }),
    manuals.seen(
      '/drafts/a.html',
      { ...ok, body: /^srv\/manuals\/drafts\/a\.html$/ },
      { headers: { Authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` } },
    ),
    manuals.seen('/search/x', { ...ok, url: '/search/x' }),
    manuals.forbidden('/.htaccess'),
    manuals.forbidden('/guide.html.bak'),
  ],
  'mattermost.yaml': [
    chat.toHttps(301),
    chat.seen('/x', { ...ok, headers: { ...secured, ...hsts, 'set-cookie': /^chat_node=/ } }),
    chat.upgraded('/api/v4/websocket'),
    chat.notUpgraded('/x'),
    chat.tooLarge('/x', 50 * mb),
    chat.waits('/api/v4/websocket'),
    chat.timesOut('/x', false),
  ],
  'minio.yaml': [
    s3.seen('/bucket', { ...ok, server: /:9000$/ }),
    objects.seen('/x', { ...ok, server: /:9001$/, headers: { 'set-cookie': /^console_node=/ } }),
    objects.upgraded('/ws/'),
    objects.waits('/x'),
    s3.timesOut('/bucket'),
  ],
  'php-shop.yaml': [
    store.toHttps(301),
    store.seen('/x', { ...ok, headers: { ...secured, ...hsts, 'set-cookie': /^store_node=/ } }),
    store.forbidden('/var/log/x'),
    store.forbidden('/.git/config'),
    store.forbidden('/backend/'),
    store.tooLarge('/x', 64 * mb),
    store.waits('/export/'),
    store.timesOut('/x', false),
  ],
  'rails.yaml': [
    bazaar.toHttps(301),
    bazaar.seen('/x', {
      ...ok,
      server: /:3000$/,
      headers: { ...hsts, 'set-cookie': /^bazaar_web=/ },
      received: { 'x-request-start': /^t=127\.0\.0\.1$/ },
    }),
    bazaar.upgraded('/cable'),
    bazaar.notUpgraded('/x'),
    bazaar.seen('/up', { ...ok, body: /^ok\s*$/ }),
    bazaar.tooLarge('/x', 32 * mb),
    bazaar.timesOut('/x', false),
  ],
  'thingsboard.yaml': [
    devices.seen('/api/v1/x', { ...ok, server: /:8081$/ }, { hasCertificate: true }),
    devices.seen(
      '/api/v1/x',
      {
        ...ok,
        received: { 'x-client-subject': /CN=device 7/, 'x-client-verify': /^SUCCESS$/ },
      },
      { hasCertificate: true, headers: { 'X-Client-Subject': 'CN=other' } },
    ),
    devices.seen(
      '/api/v1/x',
      { status: 400 },
      { unlike: { haproxy: { status: 0 }, httpd: { status: 0 } } },
    ),
    devices.seen('/x', { status: 404 }, { hasCertificate: true }),
    devices.seen('/api/v1/x', { status: 413 }, { hasCertificate: true, length: 64 * kb + 1 }),
    iot.toHttps(301),
    iot.seen('/.well-known/x', ok, { at: 80 }),
    iot.seen('/x', { ...ok, server: /:8080$/ }),
    iot.upgraded('/api/ws/plugins'),
    iot.notUpgraded('/api/x'),
    iot.seen('/oauth2/x', { ...ok, server: /^10\.5\.0\.\d:8080$/ }),
    iot.waits('/api/ws'),
    iot.timesOut('/x', false),
  ],
  'three-backends.yaml': [
    market.seen('/x', { ...ok, server: /^10\.11\.0\./, headers: { 'set-cookie': /^SRV=/ } }),
    market.seen('/api/x', { ...ok, server: /^10\.11\.1\./ }),
    market.seen('/img/x', { ...ok, server: /^10\.11\.2\./ }),
    market.seen('/closed', {
      status: 503,
      body: /^<h1>Back at six<\/h1>\s*$/,
      headers: { 'content-type': /^text\/html/ },
    }),
    market.tooLarge('/api/x', mb),
    market.seen('/checkout/x', { status: 503, body: /^srv\/market\/closed\.html$/ }),
    market.seen('/x?wait=3500', unavailable(504), { unlike: { httpd: unavailable(502) } }),
  ],
  'two-balancers.yaml': [
    campus.redirect('/', 302, '/courses/'),
    campus.seen('/library/x', { ...ok, server: /^10\.12\.0\./, url: '/library/x' }),
    campus.seen('/courses/x', { ...ok, server: /^10\.12\.1\./, url: '/courses/x' }),
    campus.tooLarge('/courses/x', 500 * mb),
    campus.seen('/library/x', { ...ok, server: /^10\.12\.0\./ }, { at: 80 }),
    // The other application has the default timeout.
    campus.timesOut('/courses/x', false),
  ],
}

/** Whether the probe waits until a proxy gives up. */
export const isTimeout = ({ path, seen }: Probe): boolean =>
  path.includes('wait=') && seen.status === 504
