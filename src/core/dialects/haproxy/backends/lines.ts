import type { SnippetView } from '../../../snippets/marked.ts'
import type { CookieView, StickView } from '../affinity/view.ts'
import { aclLine, errorLine, type Line, line, lineIf, ruleLine } from '../lines.ts'
import type { CheckView, HttpCheckView } from './checks.ts'
import type { ConnectionsView } from './connections.ts'
import type { FailoverView } from './failures.ts'
import type { BackendView } from './index.ts'
import type { ServerView } from './servers.ts'
import type { TimeoutsView } from './timeouts.ts'

const flag = (isSet: boolean, ...words: readonly string[]): readonly string[] =>
  isSet ? words : []

const valued = (name: string, value: string | number | null): readonly string[] =>
  value === null ? [] : [name, String(value)]

const timeoutLines = (timeouts: TimeoutsView): readonly Line[] => [
  ...lineIf(timeouts.connect, (value) => ['timeout', 'connect', value]),
  ...lineIf(timeouts.server, (value) => ['timeout', 'server', value]),
  ...lineIf(timeouts.queue, (value) => ['timeout', 'queue', value]),
  ...lineIf(timeouts.tunnel, (value) => ['timeout', 'tunnel', value]),
  ...lineIf(timeouts.serverFin, (value) => ['timeout', 'server-fin', value]),
]

const connectionLines = ({ full, option, reuse }: ConnectionsView): readonly Line[] => [
  ...lineIf(option, (value) => ['option', value]),
  ...lineIf(reuse, (value) => ['http-reuse', value]),
  ...lineIf(full, (value) => ['fullconn', value]),
]

/** A strict session is sent to its server although that is marked down. */
const persistLines = ({ persists }: FailoverView): readonly Line[] =>
  persists ? [line('option', 'persist'), line('no', 'option', 'redispatch')] : []

const retryLines = ({ retries, retryOn, sparesRequests }: FailoverView): readonly Line[] => [
  line('retries', retries),
  ...(retryOn.length === 0 ? [] : [line('retry-on', ...retryOn)]),
  ...(sparesRequests
    ? [line(...'http-request disable-l7-retry if { method POST LOCK PATCH }'.split(' '))]
    : []),
]

const cookieLines = (cookie: CookieView): readonly Line[] => [
  line(
    ...['cookie', cookie.name, cookie.mode],
    ...flag(cookie.isIndirect, 'indirect'),
    ...flag(cookie.isNocache, 'nocache'),
    ...flag(cookie.isHttpOnly, 'httponly'),
    ...flag(cookie.isSecure, 'secure'),
    ...flag(cookie.dynamicKey !== null, 'dynamic'),
    ...valued('domain', cookie.domain),
    ...valued('maxidle', cookie.maxIdle),
    ...cookie.attributes.flatMap((each) => ['attr', each]),
  ),
  ...lineIf(cookie.dynamicKey, (key) => ['dynamic-cookie-key', key]),
]

const stickLines = (stick: StickView): readonly Line[] => [
  line(
    ...['stick-table', 'type', 'string', 'len', 128, 'size', stick.size, 'expire', stick.expire],
    ...valued('peers', stick.peers),
    ...valued('srvkey', stick.serverKey),
  ),
  ...stick.lookups.map((sample) => line('stick', 'on', sample)),
  ...stick.creates.map((sample) => line('stick', 'store-response', sample)),
]

const httpCheckLines = (check: HttpCheckView): readonly Line[] => [
  line('option', 'httpchk'),
  line(
    ...['http-check', 'send', 'meth', check.method, 'uri', check.uri],
    ...['ver', 'HTTP/1.1', 'hdr', 'Host', check.host],
    ...check.headers.flatMap(({ name, value }) => ['hdr', name, value]),
  ),
  ...lineIf(check.statuses, (statuses) => ['http-check', 'expect', 'status', statuses]),
  ...lineIf(check.text, (text) => ['http-check', 'expect', 'string', text]),
]

/** Parameters of servers, for `default-server`. */
export const checkWords = (check: CheckView): readonly string[] => [
  ...['check', 'inter', check.interval],
  ...(check.downInterval === null
    ? []
    : ['fastinter', check.downInterval, 'downinter', check.downInterval]),
  ...['rise', String(check.rise), 'fall', String(check.fall)],
  ...valued('port', check.port),
  ...flag(check.closesOnDown, 'on-marked-down', 'shutdown-sessions'),
]

/** Words after the address. */
export const serverParameters = (server: ServerView): readonly string[] => [
  ...valued('id', server.id),
  ...valued('cookie', server.cookie),
  ...valued('weight', server.weight),
  ...valued('minconn', server.minconn),
  ...valued('maxconn', server.maxconn),
  ...(server.fails === null
    ? []
    : [
        ...['observe', 'layer4', 'error-limit', String(server.fails.limit)],
        ...['on-error', 'mark-down', 'downinter', server.fails.interval],
        ...valued('rise', server.fails.rise),
      ]),
  ...flag(server.isUnchecked, 'no-check'),
  ...(server.lookup === null
    ? []
    : [...valued('resolvers', server.lookup.resolvers), 'init-addr', server.lookup.initial]),
  ...valued('hash-key', server.hashKey),
  ...server.tls,
  ...flag(server.isBackup, 'backup'),
  ...flag(server.isDisabled, 'disabled'),
]

/** The words up to the address. */
export const serverHead = ({ address, name, template }: ServerView): readonly string[] =>
  template === null ? ['server', name, address] : ['server-template', name, template, address]

/** The lines of a backend in their order, in groups. */
export interface BackendLines {
  readonly timeouts: readonly Line[]
  readonly method: readonly Line[]
  readonly connections: readonly Line[]
  readonly redispatch: readonly Line[]
  readonly persist: readonly Line[]
  readonly retries: readonly Line[]
  readonly allBackups: readonly Line[]
  readonly cookie: readonly Line[]
  readonly cookiePath: readonly Line[]
  readonly stick: readonly Line[]
  readonly acls: readonly Line[]
  readonly rules: readonly Line[]
  readonly snippets: readonly SnippetView[]
  readonly useServer: readonly Line[]
  readonly httpCheck: readonly Line[]
  readonly serverDefaults: readonly Line[]
  readonly servers: readonly Line[]
}

export const backendLines = (view: BackendView): BackendLines => ({
  timeouts: [
    ...timeoutLines(view.timeouts),
    ...view.errors.map(errorLine),
    ...(view.compressed.length === 0
      ? []
      : [line('compression', 'algo', 'gzip'), line('compression', 'type', ...view.compressed)]),
  ],
  method: [
    line('balance', ...view.balance),
    ...(view.isConsistent ? [line('hash-type', 'consistent')] : []),
  ],
  connections: connectionLines(view.connections),
  redispatch: view.failover.redispatches ? [line('option', 'redispatch', 1)] : [],
  persist: persistLines(view.failover),
  retries: retryLines(view.failover),
  allBackups: view.usesAllBackups ? [line('option', 'allbackups')] : [],
  cookie: view.cookie === null ? [] : cookieLines(view.cookie),
  cookiePath: lineIf(view.cookiePath, ({ format, pattern }) => [
    ...['http-after-response', 'replace-header', 'Set-Cookie', pattern, format],
  ]),
  stick: view.stick === null ? [] : stickLines(view.stick),
  acls: view.acls.map(aclLine),
  rules: view.rules.map(ruleLine),
  snippets: view.snippets,
  useServer: view.usesServer
    ? [line(...'use-server %[var(txn.route)] if { var(txn.route) -m found }'.split(' '))]
    : [],
  httpCheck: view.httpCheck === null ? [] : httpCheckLines(view.httpCheck),
  serverDefaults: [
    ...(view.check === null
      ? []
      : [
          ...lineIf(view.check.timeout, (value) => ['timeout', 'check', value]),
          line('default-server', ...checkWords(view.check)),
        ]),
    ...lineIf(view.idle, (idle) => ['default-server', 'pool-max-conn', idle]),
    ...(view.fastcgi === null
      ? []
      : [
          line('use-fcgi-app', view.fastcgi),
          {
            ...line('http-request', 'del-header', 'Proxy'),
            comment: 'Programs take HTTP_PROXY for the proxy of their own requests.',
          },
          line('default-server', 'proto', 'fcgi'),
        ]),
  ],
  servers: view.servers.map((server) => line(...serverHead(server), ...serverParameters(server))),
})

/** For templates/haproxy/partials/backend.hbs: the lines before and after the snippets. */
export interface BackendBlockView {
  readonly name: string
  readonly before: readonly Line[]
  readonly snippets: readonly SnippetView[]
  readonly after: readonly Line[]
}

export const backendBlockView = (view: BackendView): BackendBlockView => {
  const lines = backendLines(view)
  return {
    name: view.name,
    before: [
      ...lines.timeouts,
      ...lines.method,
      ...lines.connections,
      ...lines.redispatch,
      ...lines.persist,
      ...lines.retries,
      ...lines.allBackups,
      ...lines.cookie,
      ...lines.cookiePath,
      ...lines.stick,
      ...lines.acls,
      ...lines.rules,
    ],
    snippets: lines.snippets,
    after: [...lines.useServer, ...lines.httpCheck, ...lines.serverDefaults, ...lines.servers],
  }
}
