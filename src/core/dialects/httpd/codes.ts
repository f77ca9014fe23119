import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

/** What Apache httpd cannot do, does with a loss, or does in another way than the spec's words suggest. */
export const httpdCodes = {
  'httpd-version': {
    severity: 'error',
    summary: 'An httpd that is not 2.4',
    why: 'What is written is the language of 2.4, from 2.4.39 on.',
  },
  'httpd-affinity': {
    severity: 'error',
    summary: 'A method that mod_proxy_balancer does not have',
    why: 'It balances by requests, traffic or busyness, and keeps sessions by a route in a cookie or URL; it hashes nothing and learns nothing.',
  },
  'httpd-jvm-route-begin': {
    severity: 'error',
    summary: 'A route at the beginning of the session id',
    why: 'mod_proxy_balancer takes what follows the first separator of the session id.',
  },
  'httpd-cookie-mode': {
    severity: 'error',
    summary: "A cookie of the application's, changed on its way",
    why: 'mod_headers sets a cookie beside those of the application; it does not rewrite their values in both directions.',
  },
  'httpd-route-variable': {
    severity: 'error',
    summary: 'A route from a place where httpd does not look',
    why: '`stickysession` names one cookie and one parameter of the URL.',
  },
  'httpd-sticky-name': {
    severity: 'error',
    summary: 'Names of cookie and parameter that are too long',
    why: 'httpd keeps both in 64 bytes of shared memory, and cuts off the rest without a word.',
  },
  'httpd-upstream-name': {
    severity: 'error',
    summary: 'An upstream name that httpd cannot keep apart',
    why: "A balancer's name is a URL of 63 characters at most, without upper and lower case.",
  },
  'httpd-address-twice': {
    severity: 'error',
    summary: 'Two servers of one address',
    why: 'A balancer has one member for a URL, with the route of the line that comes last: sessions of the other route would be lost.',
  },
  'httpd-weight': {
    severity: 'error',
    summary: 'A weight over 100',
    why: 'httpd refuses a `loadfactor` that is not between 1 and 100.',
  },
  'httpd-socket-path': {
    severity: 'error',
    summary: "A path too long for a server's socket",
    why: 'httpd keeps it in 96 bytes of shared memory.',
  },
  'httpd-check-uri': {
    severity: 'error',
    summary: 'A path for checks that is too long',
    why: 'httpd keeps it in 64 bytes of shared memory.',
  },
  'httpd-duration': {
    severity: 'error',
    summary: 'A duration that httpd cannot have',
    why: 'Checks need 100 ms between them; times overflow after 24 days.',
  },
  'httpd-listener': {
    severity: 'error',
    summary: 'A listener that is no port',
    why: '`Listen` takes ports and addresses; sockets in the file system are for servers only.',
  },
  'httpd-listener-tls': {
    severity: 'error',
    summary: 'One address with and without TLS',
    why: 'httpd chooses the host by a name which TLS has encrypted.',
  },
  'httpd-server-name': {
    severity: 'error',
    summary: 'A host name that httpd does not understand',
    why: '`ServerName` and `ServerAlias` take names, with `*` for parts of them.',
  },
  'httpd-server-name-order': {
    severity: 'error',
    summary: 'A host name that another host takes away',
    why: 'httpd tries one host after the other, with all its names; nginx prefers exact names to wildcards, wherever they stand.',
  },
  'httpd-root': {
    severity: 'error',
    summary: 'A root that httpd cannot serve files from',
    why: 'A host has one `DocumentRoot`, an absolute path, and `<Directory>` takes `*`, `?` and brackets for a pattern.',
  },
  'httpd-expression': {
    severity: 'error',
    summary: 'An expression that cannot be compiled',
    why: 'httpd would refuse to start.',
  },
  'httpd-variable': {
    severity: 'error',
    summary: 'Text that httpd takes for a variable',
    why: 'A dollar sign and a name in braces are filled in before anything else, within quotes as well, and nothing escapes them.',
  },
  'httpd-header': {
    severity: 'error',
    summary: 'A header value that httpd takes for an expression',
    why: 'A value of `RequestHeader` that begins with `expr=` is evaluated.',
  },
  'httpd-next-upstream': {
    severity: 'warning',
    summary: 'A retry that httpd does not know',
    why: 'It goes on to the next server where one cannot be connected to; an answer, however bad, is an answer.',
  },
  'httpd-max-conns': {
    severity: 'warning',
    summary: 'maxConns as `max`',
    why: 'Each process of httpd counts its own connections, so that a server can get several times as many.',
  },
  'httpd-drain': {
    severity: 'warning',
    summary: 'Draining a server that keeps nobody',
    why: '`status=+N` takes no new sessions and keeps those that a route leads there. Without affinity nothing leads there, and the server is idle at once.',
  },
  'httpd-max-fails': {
    severity: 'info',
    summary: 'maxFails above 1',
    why: 'httpd takes a server out when it cannot be connected to once, and tries it again after `retry` seconds (failTimeout).',
  },
  'httpd-random': {
    severity: 'info',
    summary: 'random as `byrequests`',
    why: 'httpd has no random method; in turn is at least as even.',
  },
  'httpd-sticky-session': {
    severity: 'info',
    summary: 'jvm_route as `stickysession`',
    why: "httpd takes what follows the first dot of the session id (Tomcat's has one only), looks into the URL first and into the cookie then. Where a browser sends several cookies of that name, of several paths or domains, httpd reads the first, and Tomcat may keep the session of another. Session cookies stay as the application sets them.",
  },
  'httpd-cookie': {
    severity: 'info',
    summary: 'A cookie by mod_headers',
    why: '`Header add Set-Cookie` names the server in a cookie whenever it changes. Unlike HAProxy, httpd hands the cookie on to the application.',
  },
} as const satisfies CodeTable

export const report = reportFor(httpdCodes)
