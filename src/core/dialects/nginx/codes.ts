import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

export const nginxCodes = {
  'nginx-version': {
    severity: 'error',
    summary: 'The release is too old',
    why: 'It lacks the zones, hash methods and modules that the generated configuration uses.',
  },
  'nginx-affinity': {
    severity: 'error',
    summary: 'The affinity is not available in this target',
    why: 'This nginx has no directive that sends the requests of a session to the same server.',
  },
  'nginx-via': {
    severity: 'error',
    summary: 'The `via` of an affinity is not available in this target',
    why: '`via` selects one way to configure the affinity. When the target lacks it, another way is not used instead.',
  },
  'nginx-as-native': {
    severity: 'info',
    summary: 'The affinity uses the built-in `sticky` directive',
    why: 'Maps extract the route from the session id, and `sticky route` selects the server. The jvm_route module is not needed.',
  },
  'nginx-as-maps': {
    severity: 'info',
    summary: 'The affinity uses maps and one upstream block per server',
    why: 'This works in any nginx: a map turns the route into the name of an upstream block in which that server comes first. Each block counts failures separately, so a dead server is detected once per block.',
  },
  'nginx-as-userid': {
    severity: 'warning',
    summary: 'The affinity cookie uses `userid` and `hash`',
    why: 'nginx without `sticky` can give each client an id and hash that id. Clients stay on their server until the set of servers changes; then some clients move, and lose data that only their server had.',
  },
  'nginx-first-cookie': {
    severity: 'info',
    summary: 'Only the first of several session cookies is used',
    why: 'A browser sends several cookies of the same name when their paths or domains differ. Tomcat uses the first one whose session it knows. With this many servers, a map cannot search for the first cookie with the route of a server.',
  },
  'nginx-strict': {
    severity: 'error',
    summary: '`onFailure: strict` is not supported',
    why: 'nginx would send the session to another server as soon as its server fails.',
  },
  'nginx-balance': {
    severity: 'error',
    summary: 'The balancing method is not available in this release',
    why: 'nginx would refuse to start.',
  },
  'nginx-balance-conflict': {
    severity: 'error',
    summary: 'The affinity is a balancing method and is combined with another one',
    why: 'nginx uses the last method of an upstream block and only logs a warning: one of the two would have no effect.',
  },
  'nginx-backup': {
    severity: 'error',
    summary: 'The balancing method does not support backup servers',
    why: 'With `hash`, `ip_hash` and `random`, nginx refuses the `backup` parameter, or ignores it when the method is written after the server.',
  },
  'nginx-drain': {
    severity: 'error',
    summary: 'Draining is not supported',
    why: 'Written as `down`, the server would lose all its sessions at once, which draining is meant to avoid.',
  },
  'nginx-drain-is-down': {
    severity: 'info',
    summary: 'A drained server without affinity is marked `down`',
    why: 'Without affinity the server has no sessions to keep, so draining it means sending it no new requests.',
  },
  'nginx-drain-dead': {
    severity: 'warning',
    summary: 'The sessions of a drained server get errors when it fails',
    why: 'The `sticky` directive of nginx does not count drained servers as available: a request pinned to a failed one gets 502 although other servers work.',
  },
  'nginx-max-conns': {
    severity: 'error',
    summary: '`maxConns` is not supported',
    why: '`max_conns` exists since nginx 1.11.5, and some modules ignore it.',
  },
  'nginx-max-busy': {
    severity: 'error',
    summary: '`maxBusy` requires the jvm_route module',
    why: 'Only that module counts active requests over all workers; without it the limit would have no effect.',
  },
  'nginx-maps-max-conns': {
    severity: 'warning',
    summary: '`maxConns` is counted separately in each upstream block',
    why: 'With maps a server is listed in several upstream blocks, which do not share counters.',
  },
  'nginx-maps-backup': {
    severity: 'warning',
    summary: 'With maps, a backup server is used together with the other servers',
    why: 'In the upstream block of a pinned server all other servers are already backups, and nginx has no second level of backups.',
  },
  'nginx-maps-too-many': {
    severity: 'error',
    summary: 'Too many servers for maps',
    why: 'Every server is listed in the upstream block of every other server: 1,000 servers would need a million lines.',
  },
  'nginx-zone': {
    severity: 'error',
    summary: 'A shared memory zone is not supported',
    why: 'nginx has zones since 1.9.0, and a module that stores servers in an array crashes with one.',
  },
  'nginx-zone-small': {
    severity: 'error',
    summary: 'The shared memory zone is too small',
    why: 'nginx refuses zones of less than eight pages, and does not start when the servers do not fit.',
  },
  'nginx-zone-added': {
    severity: 'info',
    summary: 'A shared memory zone was added to an upstream',
    why: 'Some settings need memory that all workers share.',
  },
  'nginx-cookie-name': {
    severity: 'error',
    summary: 'The jvm_route module cannot read a cookie of this name',
    why: 'It reads the cookie from a variable, whose name consists of letters, digits and "_".',
  },
  'nginx-cookie-attribute': {
    severity: 'error',
    summary: 'The target cannot set this cookie attribute',
    why: 'The cookie would be sent without the attribute.',
  },
  'nginx-cookie-mode': {
    severity: 'error',
    summary: 'The target does not support this mode of the affinity cookie',
    why: 'Only HAProxy and session_sticky add the route to a cookie of the application.',
  },
  'nginx-duration': {
    severity: 'error',
    summary: 'The time is not valid in nginx',
    why: 'Many times in nginx are whole seconds: it refuses `500ms` there.',
  },
  'nginx-hash-empty': {
    severity: 'warning',
    summary: 'The hash key can be empty (before nginx 1.17.1)',
    why: 'An empty key is hashed like any other text: all requests with an empty key go to one server.',
  },
  'nginx-variable': {
    severity: 'error',
    summary: 'A "$" does not begin a variable of nginx',
    why: 'nginx refuses to start.',
  },
  'nginx-variable-unknown': {
    severity: 'warning',
    summary: 'nginx itself does not define the variable',
    why: 'Unless another configuration file defines it, nginx refuses to start.',
  },
  'nginx-dollar': {
    severity: 'error',
    summary: 'Literal text contains a "$"',
    why: 'nginx replaces "$" and the following name by the value of a variable, and has no escape sequence for a literal "$".',
  },
  'nginx-word-long': {
    severity: 'error',
    summary: 'Text is too long for a parameter in nginx',
    why: 'nginx reads a parameter into a buffer of 4,096 bytes ("too long parameter").',
  },
  'nginx-listen': {
    severity: 'error',
    summary: 'One socket is used with and without TLS',
    why: 'nginx accepts either TLS or plain HTTP on a socket.',
  },
  'nginx-certificates': {
    severity: 'error',
    summary: 'A frontend has several certificates',
    why: 'A server block of nginx uses one certificate for all its listeners.',
  },
  'nginx-server-name': {
    severity: 'error',
    summary: 'The server name is invalid or never matches',
    why: 'nginx refuses some invalid names, and never matches the others.',
  },
  'nginx-server-name-conflict': {
    severity: 'error',
    summary: 'Two frontends have the same server name on the same socket',
    why: 'nginx logs a warning and ignores the second one: its locations are never used.',
  },
  'nginx-location': {
    severity: 'error',
    summary: 'The location is invalid or never matches',
    why: 'nginx does not start with an invalid expression, and a path that does not begin with "/" matches no request.',
  },
  'nginx-index': {
    severity: 'error',
    summary: 'An absolute path is not the last of the index files',
    why: 'nginx uses it without trying the names that follow.',
  },
  'nginx-header-twice': {
    severity: 'error',
    summary: 'A header of the proxied request is set twice',
    why: 'nginx would send both, and application servers differ in which one they use.',
  },
  'nginx-log-json': {
    severity: 'error',
    summary: 'The release cannot write JSON logs',
    why: '`escape=json` of log_format exists since nginx 1.11.8. Without it, a quote in a request ends the JSON string early.',
  },
  'nginx-own-scheme': {
    severity: 'warning',
    summary: 'The scheme sent by a trusted proxy is ignored',
    why: 'X-Forwarded-Proto is accepted from trusted proxies only, and nginx before 1.9.7 does not know the address of the proxy once it has read the address of the client.',
  },
  'nginx-upstream-name': {
    severity: 'error',
    summary: 'Upstream names differ in case only',
    why: 'nginx compares upstream names without regard to case and refuses the second one.',
  },
  'nginx-next-upstream': {
    severity: 'error',
    summary: 'A condition of `nextUpstream` is not supported',
    why: 'nginx would refuse to start.',
  },
  'nginx-check-passive': {
    severity: 'warning',
    summary: 'No active health checks',
    why: 'nginx detects a dead server only when requests of clients fail.',
  },
  'nginx-check-pinned': {
    severity: 'warning',
    summary: 'Pinned requests ignore the active health checks',
    why: 'upstream_check marks servers as down for the balancing methods that its patch changes. A module that pins requests does not read these marks: a session is sent to its server until requests fail there.',
  },
  'nginx-check-uri': {
    severity: 'warning',
    summary: 'NGINX Plus checks with an HTTP request to "/"',
    why: 'Without `uri` it requests "/": a server that answers with an error is considered unhealthy.',
  },
  'nginx-sticky-ng-build': {
    severity: 'warning',
    summary: 'sticky-ng does not compile for this release',
    why: 'nginx 1.23.0 changed the structure from which its sources read cookies.',
  },
  'nginx-session-sticky-blind': {
    severity: 'warning',
    summary: 'session_sticky without active health checks',
    why: 'For pinned requests it checks neither max_fails nor down: each request of a session on a dead server waits for that server first.',
  },
  'nginx-down-left-out': {
    severity: 'info',
    summary: 'A server that is down is left out for session_sticky',
    why: 'The module does not check whether a pinned server is down. It sends no requests to a server that is not listed.',
  },
  'nginx-status-connections': {
    severity: 'warning',
    summary: 'The status page shows nothing about the upstream',
    why: 'nginx without such a module only counts its own connections.',
  },
  'nginx-file-name': {
    severity: 'error',
    summary: 'The name of the cluster is the name of another generated file',
    why: 'One of the two files would overwrite the other.',
  },
  'nginx-load-module': {
    severity: 'error',
    summary: 'The module cannot be loaded dynamically',
    why: 'nginx loads modules since 1.9.11, and a module that patches the core of nginx must be compiled in.',
  },
  'nginx-modules-file': {
    severity: 'info',
    summary: 'The load_module directives are in a separate file',
    why: 'nginx accepts them only at the top of nginx.conf, before all other blocks.',
  },
  'nginx-hash-size': {
    severity: 'info',
    summary: 'Sizes of hash tables are set',
    why: 'With long or many names, nginx warns about its default sizes or does not start.',
  },
  'nginx-tls-version': {
    severity: 'error',
    summary: 'A TLS version that this nginx release does not support',
    why: 'nginx would refuse to start, or accept no HTTPS connection.',
  },
  'nginx-request-variable': {
    severity: 'error',
    summary: 'A variable that this nginx release does not have',
    why: 'nginx would refuse to start with an unknown variable, or send a value in another format than the other releases.',
  },
  'nginx-resolve': {
    severity: 'error',
    summary: 'Names that this nginx cannot look up while it runs',
    why: '`resolve` of `server` is part of nginx since 1.27.3. Older releases look up names when they start, and then use these addresses until the next reload.',
  },
  'nginx-resolver': {
    severity: 'error',
    summary: 'No DNS server for names that are looked up',
    why: 'nginx asks the DNS servers of `resolver` only, and does not start without them if a server has `resolve`.',
  },
  'nginx-max-addresses': {
    severity: 'info',
    summary: '`maxAddresses` in nginx',
    why: 'nginx creates a server for each address in the answer. sessctl uses the number for the size of the shared memory zone, and to decide whether the addresses can have one route.',
  },
  'nginx-protocol': {
    severity: 'error',
    summary: 'A protocol that nginx does not speak',
    why: 'nginx has no module for AJP. Every Tomcat has an HTTP Connector, with which nothing is lost.',
  },
} as const satisfies CodeTable

export const report = reportFor(nginxCodes)
