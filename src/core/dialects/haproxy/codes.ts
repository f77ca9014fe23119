import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

/** What HAProxy cannot do, does with a loss, or does differently from what the spec suggests. */
export const haproxyCodes = {
  'haproxy-version': {
    severity: 'error',
    summary: 'A HAProxy release that is too old',
    why: 'Session affinity uses `use-server` with a name from the request and `cookie … attr`. HAProxy before 2.2 has neither.',
  },
  'haproxy-hash-key': {
    severity: 'error',
    summary: 'A hash key that this HAProxy release cannot compute',
    why: 'A hash key is written with nginx variables. HAProxy has sample fetches for most of them; before 2.6 it hashes only a few.',
  },
  'haproxy-route-variable': {
    severity: 'error',
    summary: 'A route from a variable that HAProxy does not have',
    why: "A variable that is defined by nginx's `map` or by a module exists in nginx only.",
  },
  'haproxy-learn-variable': {
    severity: 'error',
    summary: 'A session id from a variable that HAProxy does not have',
    why: 'HAProxy learns session ids from cookies and headers of the response, and finds them in cookies, headers and arguments of the request.',
  },
  'haproxy-strict-hash': {
    severity: 'error',
    summary: '`onFailure: strict` with a hash',
    why: 'A hash stores no sessions: when a server is down, HAProxy hashes its clients over the other servers. No setting rejects these requests instead.',
  },
  'haproxy-basic-auth': {
    severity: 'error',
    summary: 'A password file',
    why: 'HAProxy reads users and hashes from a `userlist` in its own configuration, not from a file of htpasswd. Without passwords, the location would be open to every client.',
  },
  'haproxy-files': {
    severity: 'error',
    summary: 'A location that serves files',
    why: 'HAProxy serves no files.',
  },
  'haproxy-certificate-key': {
    severity: 'error',
    summary: 'A private key that HAProxy does not find',
    why: 'Before 3.0, `bind … crt` takes one path: the key is in the same file, or in a file next to it with the name that HAProxy expects.',
  },
  'haproxy-certificates': {
    severity: 'error',
    summary: 'Too many certificates on one address',
    why: 'A line of an HAProxy configuration holds at most 64 words, and all certificates of an address are in one `bind` line.',
  },
  'haproxy-client-certificates': {
    severity: 'error',
    summary: 'Frontends of one address with different issuers of client certificates',
    why: 'The file with the issuers is a property of the `bind` line of an address: the clients of one frontend could use certificates that are meant for the other.',
  },
  'haproxy-asks-for-certificates': {
    severity: 'info',
    summary: 'Clients of other frontends are asked for a certificate',
    why: 'All frontends of the spec that listen on one address have one `bind` line. It asks every client for a certificate with `verify optional`, and rules refuse requests without one for the frontends that require it.',
  },
  'haproxy-expression': {
    severity: 'error',
    summary: 'A regular expression that does not compile',
    why: 'HAProxy would refuse to start.',
  },
  'haproxy-listener-tls': {
    severity: 'error',
    summary: 'One address with and without TLS',
    why: 'TLS is a property of the `bind` line of an address: all requests to the address use TLS, or none.',
  },
  'haproxy-socket-path': {
    severity: 'error',
    summary: 'A path too long for a listening socket',
    why: 'HAProxy binds the socket under a temporary name first, which leaves 97 bytes for the path.',
  },
  'haproxy-duration': {
    severity: 'error',
    summary: 'A duration that HAProxy cannot use',
    why: 'An interval of health checks must be longer than 0. Timers of HAProxy hold at most 2,147,483,647 ms (24 days), those of cookies as many seconds (68 years).',
  },
  'haproxy-ip-hash': {
    severity: 'info',
    summary: '`ip_hash` uses `balance source`',
    why: 'HAProxy hashes the whole address, nginx the first three octets of an IPv4 address, and their hash functions differ: a client reaches another server than under nginx. With `hash-type consistent`, only the clients of a removed server move; without it, most clients would.',
  },
  'haproxy-hash': {
    severity: 'info',
    summary: 'A hash that HAProxy computes differently from nginx',
    why: 'The same key selects another server than under nginx. A change between nginx and HAProxy moves most clients once.',
  },
  'haproxy-use-server': {
    severity: 'info',
    summary: '`jvm_route` uses `use-server`',
    why: 'HAProxy has no `jvm_route`: the route in the session id selects the server by its name. The servers are named by their routes for this. Session cookies stay as the application sets them.',
  },
  'haproxy-first-cookie': {
    severity: 'info',
    summary: 'Only the first of several session cookies is read',
    why: 'A browser sends several cookies of one name when they were set for several paths or domains. Tomcat uses the first one whose session it knows. With this many servers, one line cannot hold all routes, so HAProxy cannot search for the first cookie that has the route of a server.',
  },
  'haproxy-prefix-url': {
    severity: 'warning',
    summary: '`cookie … prefix` does not read session ids in URLs',
    why: 'HAProxy puts the route in front of the value of the session cookie. A browser without cookies has its session id in the URL, and each of its requests is balanced like the first request of a new client.',
  },
  'haproxy-cookie-attributes': {
    severity: 'warning',
    summary: 'Attributes for a cookie that the application sets',
    why: '`prefix` and `rewrite` change the value of a cookie that the application sets. The attributes stay those of the application.',
  },
  'haproxy-cookie-expires': {
    severity: 'info',
    summary: 'A cookie that expires',
    why: '`attr "Max-Age=…"` makes the browser keep the cookie. `maxidle` makes HAProxy renew the cookie while it is used, and ignore it when it is older. The value of the cookie is followed by `|` and the time of the last use.',
  },
  'haproxy-cookie-path': {
    severity: 'info',
    summary: 'A cookie with a path',
    why: 'HAProxy always writes `path=/`; an `http-after-response` rule replaces it.',
  },
  'haproxy-learn': {
    severity: 'warning',
    summary: 'Learned sessions are lost at a reload',
    why: 'HAProxy keeps them in a stick table, which is empty after a reload. Each session is then learned again, with the server that its next request is balanced to.',
  },
  'haproxy-drain': {
    severity: 'warning',
    summary: 'A drained server without affinity',
    why: 'A server with weight 0 takes no new sessions and keeps those that a cookie, a route or a stick table assigns to it. Without such affinity it receives no requests at all.',
  },
  'haproxy-checks': {
    severity: 'info',
    summary: 'Health checks that the spec does not configure',
    why: 'HAProxy detects a dead server by health checks only: without them, every request that belongs to this server would be sent to it first for as long as it is dead. nginx detects it by failed requests.',
  },
  'haproxy-max-fails': {
    severity: 'info',
    summary: '`maxFails` uses `observe`',
    why: 'As many failed connections in a row mark the server down; health checks every `failTimeout` mark it up again. nginx counts failed requests within `failTimeout`.',
  },
  'haproxy-max-conns': {
    severity: 'info',
    summary: '`maxConns` uses `maxconn`',
    why: 'A request that belongs to a full server waits in the queue of this server (`timeout queue`, 5 s) before HAProxy rejects it. nginx sends it to another server at once.',
  },
  'haproxy-max-busy': {
    severity: 'warning',
    summary: '`maxBusy` uses `maxconn`',
    why: 'The jvm_route module sends requests for a busy server to another server; in HAProxy they wait for the busy server.',
  },
  'haproxy-next-upstream': {
    severity: 'warning',
    summary: 'A retry condition that this HAProxy release does not have',
    why: '`retry-on` has fewer conditions in older releases, and HAProxy has no limit for the time of all tries together.',
  },
  'haproxy-server-name': {
    severity: 'error',
    summary: 'A server name that no request can have',
    why: 'No request would reach the frontend by this name, and HAProxy would report nothing.',
  },
  'haproxy-access-log': {
    severity: 'error',
    summary: 'Frontends with different access logs on one address',
    why: 'All frontends of the spec that listen on one address become one frontend of HAProxy, which has one log.',
  },
  'haproxy-host-names': {
    severity: 'info',
    summary: 'Servers with host names',
    why: 'HAProxy resolves host names once, when it starts, as nginx does. HAProxy also starts when a name does not resolve; the server with this name then receives no requests.',
  },
  'haproxy-chunked-body': {
    severity: 'info',
    summary: '`maxBodySize` and requests without `Content-Length`',
    why: 'HAProxy compares the length that a request announces and does not count the bytes of the body. A body of unknown length could be larger than the limit, so it is refused.',
  },
  'haproxy-resolve-hash': {
    severity: 'warning',
    summary: 'A hash over the addresses of a name',
    why: 'Before 3.0, HAProxy places servers on the ring of a hash by their numbers. The addresses of a name get the numbers in the order of the answers: after a reload, most clients are sent to another address.',
  },
  'haproxy-protocol': {
    severity: 'error',
    summary: 'A protocol of servers that HAProxy does not speak',
    why: 'HAProxy speaks HTTP and FastCGI, neither uwsgi nor AJP.',
  },
  'haproxy-local-peer': {
    severity: 'info',
    summary: 'HAProxy must be told which of the peers it is',
    why: 'Each process has a name among the peers: that of `localpeer`, of the option `-L`, or of its host. A process without one starts, and shares no sessions.',
  },
  'haproxy-secret': {
    severity: 'error',
    summary: 'A password that HAProxy cannot read',
    why: 'HAProxy replaces environment variables in its configuration, and reads hashes of passwords, but no files with secrets.',
  },
} as const satisfies CodeTable

export const report = reportFor(haproxyCodes)
