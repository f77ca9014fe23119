import { type CodeTable, reporterFor } from '../diagnostics/diagnostic.ts'

/** Combinations of affinity, application and sessions that lose sessions, and their neighbours. */
export const lintCodes = {
  'url-name-mismatch': {
    severity: 'warning',
    summary: 'The session parameter in URLs is not the one Tomcat writes',
    why: 'Tomcat appends ;jsessionid=… (the cookie name as it is configured, else in lower case). With another name cookies still stick, but URLs do not: a browser without cookies is balanced like a new client on every request.',
  },
  'local-without-affinity': {
    severity: 'error',
    summary: 'Local sessions without affinity',
    why: 'A request that reaches another server than the one before finds no session there, and begins a new one: nobody stays logged in.',
  },
  'local-single-copy': {
    severity: 'info',
    summary: 'Every session has one copy only',
    why: 'Affinity brings each request to the server that knows the session. It cannot bring the session back when that server dies.',
  },
  'local-remapped': {
    severity: 'warning',
    summary: 'Local sessions, and a hash that changes with the list of servers',
    why: 'The server is computed from the client and from the list: with another list most clients go to a server that does not know their session.',
  },
  'hash-by-session-cookie': {
    severity: 'error',
    summary: 'Requests are hashed by a session id that the servers make',
    why: 'The first request has no session id. The second has one, and its hash leads to some other server, which begins a new session, and so on.',
  },
  'affinity-key-issued': {
    severity: 'warning',
    summary: 'The affinity reads an id that the servers make',
    why: 'The first request has no id yet: the server that answers it is not the one that the new id hashes to. Unless the servers share their sessions, the session is lost with the second request.',
  },
  'affinity-key-changes': {
    severity: 'error',
    summary: 'The affinity reads a value that changes',
    why: 'The next request of a client has another value, or none, and goes to another server.',
  },
  'affinity-key-hops': {
    severity: 'warning',
    summary: 'The affinity reads a header that clients and proxies write',
    why: 'A client can write any value and so choose its server, and a client whose requests come through different proxies moves.',
  },
  'affinity-key-same': {
    severity: 'warning',
    summary: 'The affinity reads a value that is the same for all clients',
    why: 'All of them go to one server, and the others are idle until it fails.',
  },
  'cookie-name-mismatch': {
    severity: 'error',
    summary: 'The balancer reads a cookie that the application never sends',
    why: 'No request carries the cookie that is looked for, so that each one is balanced like the first.',
  },
  'cookie-name-unknown': {
    severity: 'warning',
    summary: 'The balancer reads a cookie that the application does not send by default',
    why: 'Unless the application is configured to use that name, no request carries the cookie, and each one is balanced like the first.',
  },
  'affinity-cookie-clash': {
    severity: 'error',
    summary: 'Affinity cookie and session cookie have one name',
    why: 'Both are set in the same response and the browser keeps the last one. Where that is the affinity cookie, it holds the name of a server: every browser of that server then has one and the same session, or none.',
  },
  'affinity-cookie-known': {
    severity: 'warning',
    summary: 'The affinity cookie has the name of a well-known session cookie',
    why: 'The spec does not say that the application sends such a cookie. If it does, the proxy overwrites it, and every session is lost.',
  },
  'route-from-session-cookie': {
    severity: 'error',
    summary: 'The session cookie is read as a route',
    why: 'sticky by route compares the whole value with the routes of the servers. A session id contains a route at most, so no request is pinned.',
  },
  'route-at-the-wrong-end': {
    severity: 'error',
    summary: 'The route is looked for at the wrong end of the session id',
    why: 'Tomcat appends it after a dot; an id begins with random characters, which match no server.',
  },
  'cookie-lost': {
    severity: 'error',
    summary: 'A cookie that can never come back',
    why: 'Browsers keep a cookie only for its domain and send it only below its path. They refuse a domain that the host is not in, and names with __Host- or __Secure- without the attributes that these promise: every request is then balanced like the first.',
  },
  'cookie-partly-lost': {
    severity: 'warning',
    summary: 'A cookie that does not come back with some requests',
    why: 'Some of the hosts are not in its domain, or some of the paths are not below its path. Requests without the cookie are balanced like the first.',
  },
  'affinity-cookie-dropped': {
    severity: 'warning',
    summary: 'The affinity cookie never comes back over HTTP',
    why: 'Browsers refuse a cookie with SameSite=None that is not Secure, and keep and send a Secure cookie over HTTPS only: every other request is balanced like the first.',
  },
  'affinity-cookie-shared': {
    severity: 'error',
    summary: 'Two upstreams use one cookie name on one host',
    why: 'A browser keeps one cookie of a name for a host and path, whatever the port. Each upstream overwrites the cookie of the other with the name of its own server: a client that uses both moves with every change between them.',
  },
  'affinity-cookie-shared-host': {
    severity: 'warning',
    summary: 'Two upstreams may use one cookie name on one host',
    why: 'Cookies are not kept apart by port. Where the two frontends are reached under the same host name, each overwrites the cookie of the other, and clients move.',
  },
  'session-cookie-shared': {
    severity: 'warning',
    summary: 'Two applications use one session cookie on one host',
    why: 'A browser keeps one cookie of a name for a host and path, whatever the port: whoever logs in to the one application is logged out of the other.',
  },
  'trust-everyone': {
    severity: 'warning',
    summary: 'Everybody is taken for a trusted proxy',
    why: 'Any client can then choose the address that ip_hash, access rules and the application see, and say that it came by HTTPS.',
  },
  'allow-everyone': {
    severity: 'warning',
    summary: '`allow` lets everybody in',
    why: 'A status page shows the addresses, the state and the traffic of the servers, and some show the requests of other clients. Without `allow` it answers this host only.',
  },
  'name-no-file': {
    severity: 'error',
    summary: 'A name that cannot be a file or folder everywhere',
    why: 'Names of Tomcats, of some upstreams and of the cluster become files and folders below `--output`, which are copied to other systems and named on command lines.',
  },
  'name-twin': {
    severity: 'error',
    summary: 'Two names that are one file on some file systems',
    why: 'macOS and Windows ignore case in file names: the artifacts of one server would overwrite those of the other.',
  },
  'ip-hash-three-octets': {
    severity: 'warning',
    summary: 'ip_hash of nginx sends a whole /24 network to one server',
    why: 'ip_hash looks at the first three octets of an IPv4 address (and at a whole IPv6 address): an office, a campus or a network of phones with public addresses of one /24 is one client to it, also where `clientAddress` tells the addresses apart. HAProxy hashes the whole address.',
  },
  'server-host-name': {
    severity: 'warning',
    summary: 'A server with affinity is written as a host name',
    why: 'A name may have several addresses, and nothing is looked up before the servers start. nginx looks names up when it starts and makes a server of each address, all with one route: with maps requests of one session alternate between them, with native `sticky` all sessions go to the first of them, wherever they began. HAProxy takes one address and leaves the others without requests. httpd looks names up when it connects.',
  },
  'server-name-catch-all': {
    severity: 'error',
    summary: 'A catch-all of nginx.conf as a host name',
    why: 'In nginx.conf `_` is a name that no request asks for, on the server that takes all others by default. Here it is a host name like any other, and requests for all other hosts get 421.',
  },
  'server-name-local': {
    severity: 'warning',
    summary: 'A public listener that serves localhost only',
    why: 'A browser on another machine asks for the name or address of this one, and gets 421.',
  },
  'server-not-http': {
    severity: 'error',
    summary: 'A server that does not speak HTTP',
    why: 'PHP-FPM speaks FastCGI, uWSGI sockets its own protocol, an AJP connector AJP. The proxy speaks HTTP to every server: each request would end in 502.',
  },
  'backup-with-affinity': {
    severity: 'info',
    summary: 'Who keeps the clients of a backup server',
    why: 'When the other servers are back, nginx sends the clients that the backup took to one of them; HAProxy and httpd follow the cookie or route, and leave them on the backup.',
  },
  'location-without-context': {
    severity: 'warning',
    summary: 'A location that leads to no context of Tomcat',
    why: 'A request keeps its path on the way to Tomcat, which answers 404 where none of its contexts has that path.',
  },
  'header-variable': {
    severity: 'error',
    summary: 'A variable in the value of a header',
    why: "The values of `headers` are text for all targets: nginx, HAProxy and httpd have different variables, and would send each other's as they are written.",
  },
} as const satisfies CodeTable

export const report = reporterFor(lintCodes)
