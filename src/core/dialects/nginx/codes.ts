import { type CodeTable, reporterFor } from '../../diagnostics/diagnostic.ts'
import { balancingCodes } from './balancing-codes.ts'

/** What nginx and its descendants cannot say, and what they are told in another way. */
export const nginxCodes = {
  'nginx-version': {
    severity: 'error',
    summary: 'A release that is too old to write for',
    why: 'Zones, hashes and modules that everything here builds on came later.',
  },
  ...balancingCodes,
  'nginx-variable': {
    severity: 'error',
    summary: 'A "$" that is no variable of nginx',
    why: 'nginx refuses to start.',
  },
  'nginx-variable-unknown': {
    severity: 'warning',
    summary: 'A variable that nginx itself does not define',
    why: 'Unless another file defines it, nginx refuses to start.',
  },
  'nginx-dollar': {
    severity: 'error',
    summary: 'A "$" in text that is meant as it stands',
    why: 'nginx replaces what follows by the value of a variable, and has no way to write a plain "$".',
  },
  'nginx-word-long': {
    severity: 'error',
    summary: 'Text that is too long for one word of nginx configuration',
    why: 'nginx reads a word within a buffer of 4,096 bytes ("too long parameter").',
  },
  'nginx-listen': {
    severity: 'error',
    summary: 'Listeners that nginx cannot have beside each other',
    why: 'nginx speaks either TLS or plain HTTP on a socket.',
  },
  'nginx-certificates': {
    severity: 'error',
    summary: 'Several certificates in one frontend',
    why: 'A server of nginx has one certificate for all its listeners.',
  },
  'nginx-server-name': {
    severity: 'error',
    summary: 'A name that no request can ask for, or that nginx refuses',
    why: 'nginx refuses some of them, and silently never matches the others.',
  },
  'nginx-server-name-conflict': {
    severity: 'error',
    summary: 'Two frontends answer for the same name on the same socket',
    why: 'nginx warns and ignores the second: its locations are never reached.',
  },
  'nginx-location': {
    severity: 'error',
    summary: 'A location that nginx refuses or never reaches',
    why: 'A broken expression stops nginx; a path that does not begin with "/" matches nothing.',
  },
  'nginx-index': {
    severity: 'error',
    summary: 'A whole path before the last of the index names',
    why: 'nginx goes there at once and never looks at the names behind it.',
  },
  'nginx-header-twice': {
    severity: 'error',
    summary: 'One header of the proxied request is there twice',
    why: 'nginx would send both, and application servers disagree on which one counts.',
  },
  'nginx-log-json': {
    severity: 'error',
    summary: 'A log of JSON from a release that cannot escape it',
    why: 'A quote in a request would end the text that it stands in: log_format has escape=json since 1.11.8.',
  },
  'nginx-own-scheme': {
    severity: 'warning',
    summary: 'A proxy in front that cannot say that HTTPS ends there',
    why: 'X-Forwarded-Proto is believed of trusted proxies only, and before 1.9.7 nginx forgets who sent a request as soon as it knows the client.',
  },
  'nginx-upstream-name': {
    severity: 'error',
    summary: 'Upstream names that differ in case only',
    why: 'nginx compares them without regard to case and refuses the second.',
  },
  'nginx-next-upstream': {
    severity: 'error',
    summary: 'A reason to try the next server that this release does not know',
    why: 'nginx would refuse to start.',
  },
  'nginx-check-passive': {
    severity: 'warning',
    summary: 'Nothing checks the servers actively',
    why: 'nginx notices a dead server by failed requests of its users only.',
  },
  'nginx-check-pinned': {
    severity: 'warning',
    summary: 'Pinned requests do not follow the active checks',
    why: 'upstream_check marks servers for the balancing methods that its patch changes. A module that pins requests does not read these marks: a session goes to its server until requests fail there.',
  },
  'nginx-check-uri': {
    severity: 'warning',
    summary: 'A check by connection where NGINX Plus asks for a page',
    why: 'Its HTTP checks are requests: a server that answers "/" with an error is taken out.',
  },
  'nginx-sticky-ng-build': {
    severity: 'warning',
    summary: 'sticky-ng for a release that it does not compile for',
    why: 'nginx 1.23.0 changed the structure that its sources read cookies from.',
  },
  'nginx-session-sticky-blind': {
    severity: 'warning',
    summary: 'session_sticky without active checks',
    why: "It asks neither max_fails nor down of a pinned server: each request of a dead server's sessions waits for it first.",
  },
  'nginx-down-left-out': {
    severity: 'info',
    summary: 'A server that is down is not written for session_sticky',
    why: 'The module does not ask whether a pinned server is down: only a server it does not know gets no requests.',
  },
  'nginx-status-connections': {
    severity: 'warning',
    summary: 'A status location that knows nothing of its upstream',
    why: 'nginx itself counts only its own connections.',
  },
  'nginx-file-name': {
    severity: 'error',
    summary: 'The name of the cluster is the name of another file',
    why: 'One of the two files would overwrite the other.',
  },
  'nginx-load-module': {
    severity: 'error',
    summary: 'A module that cannot be loaded',
    why: 'nginx loads modules since 1.9.11, and some change its core and must be built in.',
  },
  'nginx-modules-file': {
    severity: 'info',
    summary: 'load_module lines in a file of their own',
    why: 'nginx takes them at the top of nginx.conf only, before everything else.',
  },
  'nginx-hash-size': {
    severity: 'info',
    summary: "Sizes of nginx's hashes are written",
    why: 'With long or many names nginx warns of its default sizes, or does not start.',
  },
} as const satisfies CodeTable

export const report = reporterFor(nginxCodes)
