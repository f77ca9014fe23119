import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

/** What Apache httpd cannot do, does with a loss, or does differently from what the spec suggests. */
export const httpdCodes = {
  'httpd-version': {
    severity: 'error',
    summary: 'An httpd release that is not 2.4',
    why: 'The configuration is written for httpd 2.4.39 and later releases of 2.4.',
  },
  'httpd-affinity': {
    severity: 'error',
    summary: 'A balancing or affinity method that mod_proxy_balancer does not have',
    why: 'mod_proxy_balancer balances by requests, traffic or busyness, and finds the server of a session by a route in a cookie or URL. It has no hash and learns no sessions.',
  },
  'httpd-jvm-route-begin': {
    severity: 'error',
    summary: 'A route at the beginning of the session id',
    why: 'mod_proxy_balancer reads the route after the first separator in the session id.',
  },
  'httpd-cookie-mode': {
    severity: 'error',
    summary: 'A mode that changes a cookie of the application',
    why: 'mod_headers adds a cookie of its own to those of the application. It does not rewrite the values of cookies in both directions.',
  },
  'httpd-route-variable': {
    severity: 'error',
    summary: 'A route from a variable that httpd does not read',
    why: '`stickysession` names one cookie and one parameter of the URL.',
  },
  'httpd-sticky-name': {
    severity: 'error',
    summary: 'Cookie and parameter names that are too long',
    why: 'httpd stores both names in 64 bytes of shared memory, and cuts off the rest without an error.',
  },
  'httpd-upstream-name': {
    severity: 'error',
    summary: 'An upstream name that is too long, or not unique for httpd',
    why: 'The name of a balancer is a URL of at most 63 characters, and upper and lower case are the same.',
  },
  'httpd-address-twice': {
    severity: 'error',
    summary: 'Two servers with one address',
    why: 'A balancer has one member for each URL, with the route of the last `BalancerMember` line. The sessions of the other route would be lost.',
  },
  'httpd-weight': {
    severity: 'error',
    summary: 'A weight over 100',
    why: 'httpd refuses a `loadfactor` that is not between 1 and 100.',
  },
  'httpd-socket-path': {
    severity: 'error',
    summary: 'A path too long for the socket of a server',
    why: 'httpd stores the path in 96 bytes of shared memory.',
  },
  'httpd-check-uri': {
    severity: 'error',
    summary: 'A URI of health checks that is too long',
    why: 'httpd stores the URI in 64 bytes of shared memory.',
  },
  'httpd-duration': {
    severity: 'error',
    summary: 'A duration that httpd cannot use',
    why: 'The interval of health checks is at least 100 ms, and times overflow after 24 days.',
  },
  'httpd-listener': {
    severity: 'error',
    summary: 'A listener that is a UNIX socket',
    why: '`Listen` takes a port, with or without an address. UNIX sockets are for servers only.',
  },
  'httpd-listener-tls': {
    severity: 'error',
    summary: 'One address with and without TLS',
    why: 'httpd selects the virtual host by the host name, which TLS encrypts.',
  },
  'httpd-server-name': {
    severity: 'error',
    summary: 'A server name that httpd does not support',
    why: '`ServerName` and `ServerAlias` take host names, in which `*` stands for any part.',
  },
  'httpd-server-name-order': {
    severity: 'error',
    summary: 'A server name that an earlier virtual host matches',
    why: 'httpd tries one virtual host after the other, each with all of its names. nginx prefers exact names to wildcards, whatever the order of its servers.',
  },
  'httpd-root': {
    severity: 'error',
    summary: 'A root from which httpd cannot serve files',
    why: 'A virtual host has one `DocumentRoot`, which is an absolute path, and `<Directory>` reads `*`, `?` and brackets as wildcards.',
  },
  'httpd-expression': {
    severity: 'error',
    summary: 'A regular expression that does not compile',
    why: 'httpd would refuse to start.',
  },
  'httpd-variable': {
    severity: 'error',
    summary: 'Text that httpd reads as a variable',
    why: 'httpd replaces a dollar sign followed by a name in braces before it parses a line, also within quotes. No escape prevents this.',
  },
  'httpd-header': {
    severity: 'error',
    summary: 'A header value that httpd reads as an expression',
    why: 'A value of `RequestHeader` that begins with `expr=` is evaluated.',
  },
  'httpd-request-variable': {
    severity: 'error',
    summary: 'A variable that httpd does not have',
    why: 'The header would be empty.',
  },
  'httpd-next-upstream': {
    severity: 'warning',
    summary: 'A retry condition that httpd does not have',
    why: 'httpd tries the next server when it cannot connect to one. It returns every response to the client, whatever its status.',
  },
  'httpd-max-conns': {
    severity: 'warning',
    summary: '`maxConns` uses `max`',
    why: 'Each process of httpd counts its own connections: a server can receive several times as many.',
  },
  'httpd-drain': {
    severity: 'warning',
    summary: 'A drained server without affinity',
    why: 'A member with `status=+N` takes no new sessions and keeps those whose route names it. Without affinity it receives no requests at all.',
  },
  'httpd-max-fails': {
    severity: 'info',
    summary: '`maxFails` above 1',
    why: 'httpd marks a member as failed after one failed connection, and tries it again after `retry` seconds (`failTimeout`).',
  },
  'httpd-random': {
    severity: 'info',
    summary: '`random` uses `byrequests`',
    why: 'httpd has no random method. `byrequests` distributes requests at least as evenly.',
  },
  'httpd-sticky-session': {
    severity: 'info',
    summary: '`jvm_route` uses `stickysession`',
    why: 'httpd reads the route after the first dot of the session id (an id of Tomcat has only one dot), from the URL first, then from the cookie. When a browser sends several cookies of this name, for several paths or domains, httpd reads the first one, and Tomcat may use the session of another one. Session cookies stay as the application sets them.',
  },
  'httpd-cookie': {
    severity: 'info',
    summary: 'The affinity cookie is set by mod_headers',
    why: '`Header add Set-Cookie` sets a cookie with the route of the server whenever the server changes. Unlike HAProxy, httpd sends the cookie on to the application.',
  },
  'httpd-chunked-body': {
    severity: 'info',
    summary: '`maxBodySize` and requests without `Content-Length`',
    why: 'httpd compares the length that a request announces and does not count the bytes of the body. A body of unknown length could be larger than the limit, so it is refused.',
  },
  'httpd-resolve-route': {
    severity: 'error',
    summary: 'A name with several addresses and an affinity cookie in httpd',
    why: 'A `BalancerMember` has one route. httpd connects to the first address of its name that answers, which need not be the address that has the session.',
  },
  'httpd-resolve': {
    severity: 'info',
    summary: 'Names that are looked up for each connection',
    why: '`addressttl` exists since httpd 2.4.59. Before, a connection that is reused keeps the address of the first lookup, so `disablereuse=On` is written.',
  },
  'httpd-ajp-secret': {
    severity: 'error',
    summary: 'A secret of AJP that this httpd release does not send',
    why: '`secret` of `BalancerMember` exists since httpd 2.4.42. Older releases refuse to start with it, and Tomcat refuses requests without it.',
  },
  'httpd-secret': {
    severity: 'error',
    summary: 'A secret that httpd cannot read',
    why: 'httpd replaces environment variables in its configuration, but reads no files with secrets.',
  },
} as const satisfies CodeTable

export const report = reportFor(httpdCodes)
