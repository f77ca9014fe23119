import type { CodeTable } from '../diagnostics/diagnostic.ts'
import { reportFor } from '../diagnostics/findings.ts'

/** Problems of a spec whose parts are valid on their own. */
export const modelCodes = {
  'target-missing': {
    severity: 'error',
    summary: 'No target is set',
    why: 'Configuration is generated for a proxy and its release: without a target there is nothing to generate.',
  },
  'version-installed': {
    severity: 'error',
    summary: 'The installed version is not known',
    why: '`installed` asks the program on this host for its version. The program is not installed, or reports no version.',
  },
  'version-unknown': {
    severity: 'error',
    summary: 'A release that does not exist',
    why: 'The generated files depend on the release: with a mistyped release they are written for another server. sessctl has a list of the release lines of each product, with the last release of each.',
  },
  'version-newer': {
    severity: 'warning',
    summary: 'A release that this sessctl does not know yet',
    why: 'The release may be newer than the list of releases in this sessctl. Files are generated for the last known release: later features are not used, and removed features are not noticed.',
  },
  'stats-login': {
    severity: 'error',
    summary: 'A login without a password, or with two',
    why: 'The password is given by an environment variable or by its hash.',
  },
  'check-status': {
    severity: 'error',
    summary: 'A range of status codes that contains none',
    why: 'The first code of a range must not be greater than the last: no check would pass, and no server would be used.',
  },
  'address-invalid': {
    severity: 'error',
    summary: 'An invalid address or network',
    why: 'The proxy would refuse to start, or connect to another host.',
  },
  'client-address-header': {
    severity: 'error',
    summary: 'The client address is read from a header that contains no address',
    why: 'The supported proxies cannot parse `Forwarded` (RFC 7239), the PROXY protocol is not a header, and other headers contain names, ports or schemes: each client would have the address of the proxy in front.',
  },
  'location-invalid': {
    severity: 'error',
    summary: 'A location without an action, or with several',
    why: 'A location proxies to an upstream, shows a status page, redirects, answers with a fixed response, or serves files.',
  },
  'name-dangling': {
    severity: 'error',
    summary: 'A name that the spec does not define',
    why: 'A location without its upstream would answer 502, and an application without its store would lose every session.',
  },
  'store-kind': {
    severity: 'error',
    summary: 'A session store of the wrong kind',
    why: 'A session manager for Redis cannot use memcached, and a session manager for memcached may not support Redis.',
  },
  'servers-empty': {
    severity: 'error',
    summary: 'An upstream without servers',
    why: 'nginx refuses to start, and HAProxy answers 503 to every request.',
  },
  'servers-none-usable': {
    severity: 'error',
    summary: 'No server of the upstream takes new sessions',
    why: 'If every server is down, drained or a backup, no server is left to balance over.',
  },
  'route-duplicate': {
    severity: 'error',
    summary: 'Two servers have the same route',
    why: 'A session id ends with its route: with two servers of one route, half of the sessions are sent to the wrong server.',
  },
  'route-derived': {
    severity: 'info',
    summary: 'The name of a server cannot be its route',
    why: 'A route is a part of session ids and cookies, and cannot contain a dot. If the name of a server has dots or more than 32 characters and the spec sets no route, dots are replaced by "-", and a longer name is cut and ends with a digest of the name.',
  },
  'route-guessed': {
    severity: 'warning',
    summary: 'A route that the server may not have',
    why: 'The name of the server cannot be a route, and sessctl does not configure its application: if the application uses another route, its sessions are not sent back to it.',
  },
  'address-duplicate': {
    severity: 'warning',
    summary: 'Two servers have the same address',
    why: 'Both routes lead to the same process: it receives twice its share of requests, and one of the routes is wrong.',
  },
  'secret-literal': {
    severity: 'warning',
    summary: 'A secret is written into the spec',
    why: 'Specs are committed and reviewed: everyone who can read the repository can read the secret.',
  },
  'header-of-the-connection': {
    severity: 'error',
    summary: 'A connection header is set',
    why: 'Connection, Transfer-Encoding, Content-Length and similar headers describe the connection itself: a fixed value breaks requests, or allows request smuggling.',
  },
  'tls-cipher': {
    severity: 'error',
    summary: 'A cipher suite that would be ignored',
    why: 'OpenSSL ignores names that it does not know, and suites of TLS 1.3, in the list for TLS 1.2.',
  },
  'tls-session-cache': {
    severity: 'error',
    summary: 'A cache that is too small for TLS sessions',
    why: 'nginx refuses a cache of less than eight pages. A session takes about 200 bytes.',
  },
  'variable-unknown': {
    severity: 'error',
    summary: 'A variable that does not exist',
    why: 'Texts of the spec contain variables in braces, such as `{client.address}`, which have the same value in every proxy. The variables of one proxy, such as `$scheme`, would be sent as they are written.',
  },
  'response-header-own': {
    severity: 'error',
    summary: 'A response header that cannot be set or removed',
    why: 'Content-Length, Set-Cookie, Location and similar headers describe one response: a fixed value breaks responses or sessions. A header can be set, added or removed, not several of these.',
  },
  'resolver-address': {
    severity: 'error',
    summary: 'A DNS server without an IP address',
    why: 'HAProxy takes IP addresses only, and a name of a DNS server would have to be looked up first.',
  },
  'access-log-nowhere': {
    severity: 'error',
    summary: 'An access log without a destination',
    why: 'An access log needs a file or a syslog server.',
  },
  'listener-duplicate': {
    severity: 'error',
    summary: 'A frontend listens twice on the same address',
    why: 'nginx refuses a duplicate listen, and HAProxy would share the port at random.',
  },
} as const satisfies CodeTable

export const report = reportFor(modelCodes)
