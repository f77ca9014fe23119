import type { CodeTable } from '../diagnostics/diagnostic.ts'
import { reportFor } from '../diagnostics/findings.ts'
import { storeCodes } from './store-codes.ts'

/** Combinations of affinity, application and sessions that lose sessions, and their neighbours. */
export const lintCodes = {
  'url-name-mismatch': {
    severity: 'warning',
    summary: 'The session parameter in URLs is not the one that Tomcat writes',
    why: 'Tomcat appends `;jsessionid=…` to URLs (the configured cookie name, or `jsessionid` in lower case). With another name, affinity works by cookie but not by URL: every request of a browser without cookies is balanced like that of a new client.',
  },
  'tls-per-address': {
    severity: 'error',
    summary: 'One address with different TLS settings',
    why: 'A client and a proxy agree on the TLS version, the cipher suite and HTTP/2 before the request names a host: one of the frontends would get the settings of the other.',
  },
  'variable-empty': {
    severity: 'warning',
    summary: 'A variable without a value',
    why: 'The header is never sent, or is the same in all requests: an application that relies on it treats all clients alike.',
  },
  'default-twice': {
    severity: 'error',
    summary: 'Two frontends answer unknown hosts',
    why: 'A request for a host that no frontend names is answered by one frontend of its address.',
  },
  'local-without-affinity': {
    severity: 'error',
    summary: 'Local sessions without affinity',
    why: 'A request that reaches another server than the previous one finds no session there and starts a new one: users are logged out.',
  },
  'local-single-copy': {
    severity: 'info',
    summary: 'Every session has only one copy',
    why: 'Affinity sends each request to the server that has the session. It cannot restore the session when that server fails.',
  },
  'local-remapped': {
    severity: 'warning',
    summary: 'Local sessions with a hash over the list of servers',
    why: 'The server is computed from the client and the list of servers. When the list changes, most clients are sent to a server that does not have their session.',
  },
  'https-redirect-unanswered': {
    severity: 'warning',
    summary: 'A redirect to HTTPS that no frontend answers',
    why: 'If no proxy ends TLS, clients connect to a port on which nothing listens. If a proxy in front ends TLS, its requests arrive over plain HTTP: without `clientAddress`, its `X-Forwarded-Proto` is not used, and browsers report too many redirects.',
  },
  'hash-by-session-cookie': {
    severity: 'error',
    summary: 'Requests are hashed by a session id that the servers create',
    why: 'The first request has no session id. The second request has one, and its hash can select another server, which starts a new session.',
  },
  'affinity-key-issued': {
    severity: 'warning',
    summary: 'The affinity reads an id that the servers create',
    why: 'The first request has no id: the server that answers it is not the one that the new id is hashed to. Unless the servers share their sessions, the session is lost with the second request.',
  },
  'affinity-key-changes': {
    severity: 'error',
    summary: 'The affinity reads a value that changes',
    why: 'The next request of a client has another value, or none, and is sent to another server.',
  },
  'affinity-key-hops': {
    severity: 'warning',
    summary: 'The affinity reads a header that clients and proxies set',
    why: 'A client can set any value and so choose its server. A client whose requests come through different proxies changes servers.',
  },
  'affinity-key-same': {
    severity: 'warning',
    summary: 'The affinity reads a value that is the same for all clients',
    why: 'All clients are sent to one server. The other servers are idle until it fails.',
  },
  'cookie-name-mismatch': {
    severity: 'error',
    summary: 'The balancer reads a cookie that the application never sends',
    why: 'No request carries that cookie, so every request is balanced like that of a new client.',
  },
  'cookie-name-unknown': {
    severity: 'warning',
    summary: 'The balancer reads a cookie that the application does not send by default',
    why: 'Unless the application is configured to use that name, no request carries the cookie, and every request is balanced like that of a new client.',
  },
  'affinity-cookie-clash': {
    severity: 'error',
    summary: 'The affinity cookie and the session cookie have the same name',
    why: 'Both are set in the same response, and the browser keeps the last one. If that is the affinity cookie, it contains the name of a server: all browsers of that server then share one session, or have none.',
  },
  'affinity-cookie-known': {
    severity: 'warning',
    summary: 'The affinity cookie has the name of a well-known session cookie',
    why: 'The spec does not say that the application sends such a cookie. If it does, the proxy overwrites it and every session is lost.',
  },
  'route-from-session-cookie': {
    severity: 'error',
    summary: 'The session cookie is read as a route',
    why: '`sticky` by route compares the whole value with the routes of the servers. A session id contains a route at most, so no request is sent to its server.',
  },
  'route-at-the-wrong-end': {
    severity: 'error',
    summary: 'The route is read at the wrong end of the session id',
    why: 'Tomcat appends the route after a dot. An id starts with random characters, which match no server.',
  },
  'cookie-lost': {
    severity: 'error',
    summary: 'A cookie that browsers never send back',
    why: 'Browsers keep a cookie for its domain only and send it below its path only. They reject a domain that does not include the host, and names with `__Host-` or `__Secure-` without the required attributes. Every request is then balanced like that of a new client.',
  },
  'cookie-partly-lost': {
    severity: 'warning',
    summary: 'A cookie that browsers do not send with every request',
    why: 'Some of the hosts are not in its domain, or some of the paths are not below its path. Requests without the cookie are balanced like those of new clients.',
  },
  'affinity-cookie-dropped': {
    severity: 'warning',
    summary: 'Browsers do not send the affinity cookie over HTTP',
    why: 'Browsers reject a cookie with `SameSite=None` that is not `Secure`, and keep and send a `Secure` cookie over HTTPS only. Every other request is balanced like that of a new client.',
  },
  'session-cookie-dropped': {
    severity: 'warning',
    summary: 'Browsers do not keep the session cookie',
    why: 'Browsers reject a cookie with `SameSite=None` that is not `Secure`, and keep a `Secure` cookie over HTTPS only: every request starts a new session. Tomcat and Spring set `Secure` for requests over HTTPS; PHP and Django only with `secure: true`.',
  },
  'affinity-cookie-shared': {
    severity: 'error',
    summary: 'Two upstreams use the same cookie name on one host',
    why: 'A browser keeps one cookie of a name for a host and path, and ignores the port. Each upstream replaces the cookie of the other with the name of its own server: a client that uses both changes servers each time it changes between them.',
  },
  'affinity-cookie-shared-host': {
    severity: 'warning',
    summary: 'Two upstreams may use the same cookie name on one host',
    why: 'Browsers do not separate cookies by port. If the two frontends are reached under the same host name, each upstream replaces the cookie of the other, and clients change servers.',
  },
  'session-cookie-shared': {
    severity: 'warning',
    summary: 'Two applications use the same session cookie on one host',
    why: 'A browser keeps one cookie of a name for a host and path, and ignores the port: a user who logs in to one application is logged out of the other.',
  },
  'trust-everyone': {
    severity: 'warning',
    summary: 'Every client is a trusted proxy',
    why: 'Any client can then choose the address that ip_hash, access rules and the application see, and claim that its request came over HTTPS.',
  },
  'allow-everyone': {
    severity: 'warning',
    summary: '`allow` permits every client',
    why: 'A status page shows the addresses, the state and the traffic of the servers, and some show the requests of other clients. Without `allow` it answers this host only.',
  },
  'name-no-file': {
    severity: 'error',
    summary: 'A name that is not valid for a file or folder on every system',
    why: 'Names of Tomcats, of some upstreams and of the cluster are used for files and folders below `--output`, which are copied to other systems and used on command lines.',
  },
  'name-twin': {
    severity: 'error',
    summary: 'Two names that are the same file on some file systems',
    why: 'macOS and Windows ignore case in file names: the files of one server would overwrite those of the other.',
  },
  'ip-hash-three-octets': {
    severity: 'warning',
    summary: 'ip_hash of nginx sends a whole /24 network to one server',
    why: 'ip_hash uses the first three octets of an IPv4 address (and the whole of an IPv6 address): an office, a campus or a mobile network with public addresses from one /24 is one client to it, even if `clientAddress` tells the addresses apart. HAProxy hashes the whole address.',
  },
  'server-host-name': {
    severity: 'warning',
    summary: 'A server with affinity is written as a host name',
    why: 'A name may have several addresses, and sessctl does not resolve it. nginx resolves names when it starts and creates a server for each address, all with the same route: with maps, requests of one session alternate between them; with native `sticky`, all sessions are sent to the first of them, wherever they started. HAProxy uses one address and sends no requests to the others. httpd resolves names when it connects.',
  },
  'resolve-one-route': {
    severity: 'error',
    summary: 'A route for a name with several addresses',
    why: 'The application writes the route of its server into the session id. Servers behind one name have one route, so the proxy cannot tell which of them has the session. An affinity cookie of the proxy has another value for each address.',
  },
  'server-name-catch-all': {
    severity: 'error',
    summary: 'A catch-all of nginx.conf as a host name',
    why: 'In nginx.conf `_` is a name that no request asks for, used for the server that answers all other names by default. Here it is an ordinary host name, and requests for all other hosts are rejected with 421.',
  },
  'server-name-local': {
    severity: 'warning',
    summary: 'A public listener that serves localhost only',
    why: 'A browser on another machine requests the name or address of this machine and is rejected with 421.',
  },
  'server-not-http': {
    severity: 'warning',
    summary: 'A server that probably does not speak HTTP',
    why: 'PHP-FPM speaks FastCGI, uWSGI sockets speak the uwsgi protocol, an AJP connector speaks AJP. With `protocol: http` each request to such a server ends in 502.',
  },
  'server-tls': {
    severity: 'error',
    summary: 'Servers that cannot be verified',
    why: 'A certificate is verified with the certificates of authorities, and for a name. nginx and httpd have no authorities by default, and none of the proxies compares the address of a server with its certificate.',
  },
  'backup-with-affinity': {
    severity: 'info',
    summary: 'How the proxies treat the clients of a backup server',
    why: 'When the other servers are up again, nginx sends the clients of the backup server to one of them. HAProxy and httpd follow the cookie or route and leave them on the backup server.',
  },
  'proxy-protocol-everyone': {
    severity: 'warning',
    summary: 'The PROXY protocol is accepted from every peer',
    why: 'The header of the PROXY protocol says which address a client has. A client that connects to the listener itself can send any address: `allow`, `ip_hash`, limits and logs use it.',
  },
  'proxy-protocol-differs': {
    severity: 'error',
    summary: 'An address with and without the PROXY protocol',
    why: 'A connection to an address begins with a header of the PROXY protocol or with a request. The frontend is selected later, by the host name.',
  },
  'slow-answer-moves-sessions': {
    severity: 'warning',
    summary: 'A read timeout after which nginx moves sessions',
    why: 'nginx counts an answer that exceeds `timeouts.read` as a failure of the server, even if `nextUpstream` does not name `timeout`. After `maxFails` failures (1 by default) the server gets no requests for `failTimeout` (10 s), so one slow report moves all sessions of its server. By default, nginx also sends the request to another server, which runs it a second time. HAProxy and httpd answer 504 and leave the server as it is.',
  },
  'tomcat-protocol': {
    severity: 'error',
    summary: 'A protocol that the Connectors of sessctl do not speak',
    why: 'sessctl writes Connectors for plain HTTP and for AJP into the server.xml of a Tomcat, and none for TLS. Every request would fail: the two sides speak different protocols.',
  },
  'limit-evaded': {
    severity: 'warning',
    summary: 'A limit per session that a client can evade',
    why: 'The proxy does not know which session cookies the application issued. Requests without the cookie count by address, but a client can send another value with each request, and each value has counters of its own. A limit per address counts these requests, too.',
  },
  'location-without-context': {
    severity: 'warning',
    summary: 'A location that leads to no context of Tomcat',
    why: 'Tomcat answers 404 if none of its contexts has the path of a request, which is unchanged unless the location has `upstreamPath`.',
  },
} as const satisfies CodeTable

export const report = reportFor({ ...lintCodes, ...storeCodes })
