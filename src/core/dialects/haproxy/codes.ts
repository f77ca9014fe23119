import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

/** What HAProxy cannot do, does with a loss, or does in another way than the spec's words suggest. */
export const haproxyCodes = {
  'haproxy-version': {
    severity: 'error',
    summary: 'A HAProxy that is too old',
    why: 'Before 2.2 there is neither `use-server` by a name from the request nor `cookie … attr`, which affinity is written with.',
  },
  'haproxy-hash-key': {
    severity: 'error',
    summary: 'A hash key that this HAProxy cannot compute',
    why: 'A key is written in nginx variables; HAProxy has an equivalent for most of them, and before 2.6 hashes a few only.',
  },
  'haproxy-route-variable': {
    severity: 'error',
    summary: 'A route from a variable that HAProxy does not have',
    why: "A variable made by nginx's own `map` or by a module exists in nginx alone.",
  },
  'haproxy-learn-variable': {
    severity: 'error',
    summary: 'A session id from a variable that HAProxy does not have',
    why: 'HAProxy learns from cookies and headers of the response, and finds sessions by cookies, headers and arguments of the request.',
  },
  'haproxy-strict-hash': {
    severity: 'error',
    summary: 'A strict hash',
    why: 'A hash remembers nobody: when a server is away, HAProxy hashes its clients over the others, and cannot be told to refuse them.',
  },
  'haproxy-files': {
    severity: 'error',
    summary: 'Files below a root',
    why: 'HAProxy serves no files.',
  },
  'haproxy-certificate-key': {
    severity: 'error',
    summary: 'A private key that HAProxy does not find',
    why: 'Before 3.0 `bind … crt` takes one path: the key is in the same file, or beside it under the name that HAProxy expects.',
  },
  'haproxy-certificates': {
    severity: 'error',
    summary: 'Too many certificates on one address',
    why: 'A line of HAProxy configuration has 64 words at most, and all certificates of an address stand in one.',
  },
  'haproxy-expression': {
    severity: 'error',
    summary: 'An expression that cannot be compiled',
    why: 'HAProxy would refuse to start.',
  },
  'haproxy-listener-tls': {
    severity: 'error',
    summary: 'One address with and without TLS',
    why: 'HAProxy decides by the address of a listener whether it speaks TLS.',
  },
  'haproxy-socket-path': {
    severity: 'error',
    summary: 'A path too long for a listening socket',
    why: 'HAProxy binds under a temporary name first, which leaves 97 bytes for the path.',
  },
  'haproxy-duration': {
    severity: 'error',
    summary: 'A duration that HAProxy cannot have',
    why: "Checks need some time between them. HAProxy's timers hold 2,147,483,647 ms (24 days), those of cookies as many seconds (68 years).",
  },
  'haproxy-ip-hash': {
    severity: 'info',
    summary: 'ip_hash as `balance source`',
    why: 'HAProxy hashes the whole address, nginx the first three octets of an IPv4 one, and each in its own way: a client lands on another server than under nginx. With `hash-type consistent` only the clients of a server that goes away move; without it, most of them.',
  },
  'haproxy-hash': {
    severity: 'info',
    summary: 'A hash that HAProxy computes in its own way',
    why: 'The same key leads to another server than under nginx. A change between the two moves most clients once.',
  },
  'haproxy-use-server': {
    severity: 'info',
    summary: 'jvm_route as `use-server`',
    why: "HAProxy has no jvm_route: the session id's route names the server. Servers are named by their routes for that, session cookies stay as the application sets them.",
  },
  'haproxy-first-cookie': {
    severity: 'info',
    summary: 'Only the first of several session cookies is read',
    why: 'A browser sends several cookies of one name when they have several paths or domains. Tomcat takes the first session that it knows. With as many servers as here, a line cannot hold all routes to look for the first that is one of theirs.',
  },
  'haproxy-prefix-url': {
    severity: 'warning',
    summary: '`cookie … prefix` does not see sessions in URLs',
    why: 'HAProxy puts the route in front of the session cookie. A browser without cookies has its session id in the URL, and is balanced like a new client on every request.',
  },
  'haproxy-cookie-attributes': {
    severity: 'warning',
    summary: 'Attributes for a cookie that the application sets',
    why: '`prefix` and `rewrite` change the value of a cookie that the application sets; its attributes stay those of the application.',
  },
  'haproxy-cookie-expires': {
    severity: 'info',
    summary: 'A cookie that expires',
    why: '`attr "Max-Age=…"` makes the browser keep it, `maxidle` makes HAProxy renew it while it is used, and refuse it later. Its value is followed by `|` and the time of last use.',
  },
  'haproxy-cookie-path': {
    severity: 'info',
    summary: 'A cookie for a path',
    why: 'HAProxy always writes `path=/`; `http-after-response` replaces it.',
  },
  'haproxy-learn': {
    severity: 'warning',
    summary: 'Learned sessions are forgotten at a reload',
    why: 'HAProxy keeps them in a stick-table, which a new process begins empty. Sessions are then learned again, each with the server that its next request happens to reach.',
  },
  'haproxy-drain': {
    severity: 'warning',
    summary: 'Draining a server that keeps nobody',
    why: 'Weight 0 takes no new sessions and keeps those that a cookie, a route or a stick-table leads there. Without such affinity nothing leads there, and the server is idle at once.',
  },
  'haproxy-checks': {
    severity: 'info',
    summary: 'Checks that nobody asked for',
    why: 'HAProxy notices a dead server by checks only: without them every request pinned to it would try it first, for as long as it is dead. nginx notices by failed requests.',
  },
  'haproxy-max-fails': {
    severity: 'info',
    summary: 'maxFails as `observe`',
    why: 'As many failed connections in a row mark a server down; checks every failTimeout bring it back. nginx counts failed requests within failTimeout.',
  },
  'haproxy-max-conns': {
    severity: 'info',
    summary: 'maxConns as `maxconn`',
    why: 'A request that is pinned to a full server waits in its queue (`timeout queue`, 5 s) before it is refused; nginx sends it to another server at once.',
  },
  'haproxy-max-busy': {
    severity: 'warning',
    summary: 'maxBusy as `maxconn`',
    why: 'The jvm_route module sends requests for a busy server to another one; in HAProxy they wait for it.',
  },
  'haproxy-next-upstream': {
    severity: 'warning',
    summary: 'A retry that this HAProxy does not know',
    why: '`retry-on` knows fewer answers in older releases, and no limit over all tries together.',
  },
  'haproxy-server-name': {
    severity: 'error',
    summary: 'A name that no request can ask for',
    why: 'Nobody would reach the frontend by it, and nothing would tell.',
  },
  'haproxy-access-log': {
    severity: 'error',
    summary: 'Frontends with different logs on one address',
    why: 'All that listen on an address are one frontend of HAProxy, which has one log.',
  },
  'haproxy-host-names': {
    severity: 'info',
    summary: 'Servers by host name',
    why: 'HAProxy looks names up once, when it starts, as nginx does. A server whose name is not known then is left out instead of keeping HAProxy from starting.',
  },
} as const satisfies CodeTable

export const report = reportFor(haproxyCodes)
