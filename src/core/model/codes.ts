import type { CodeTable } from '../diagnostics/diagnostic.ts'
import { reportFor } from '../diagnostics/findings.ts'

/** What can be wrong between the parts of a spec that are each well-formed. */
export const modelCodes = {
  'target-missing': {
    severity: 'error',
    summary: 'No target is named',
    why: 'Without a target nothing can be written: the same policy reads differently in every proxy and version.',
  },
  'version-installed': {
    severity: 'error',
    summary: 'The installed version is not known',
    why: '`installed` asks the program on this host for its version; it is not there, or did not answer.',
  },
  'version-unknown': {
    severity: 'error',
    summary: 'A release that does not exist',
    why: 'What a server understands depends on its release, so that a mistyped one gets files for another server. sessctl has a list of the release lines of each product with the last release of each.',
  },
  'version-newer': {
    severity: 'warning',
    summary: 'A release that this sessctl does not know yet',
    why: 'It may have come after the list of releases in this sessctl was made. Files are written as for the last known release; what came later is not used, and what was removed is not noticed.',
  },
  'address-invalid': {
    severity: 'error',
    summary: 'An address or network that cannot exist',
    why: 'The server would refuse to start, or connect to something else.',
  },
  'client-address-header': {
    severity: 'error',
    summary: 'The client address is read from a header that holds none',
    why: '`Forwarded` (RFC 7239) has a form that no balancer reads here, the PROXY protocol is no header, and others hold names, ports or schemes: each client would have the address of the proxy in front.',
  },
  'location-invalid': {
    severity: 'error',
    summary: 'A location that says too little or too much',
    why: 'A location proxies to an upstream, shows a status, or serves files: one of them.',
  },
  'name-dangling': {
    severity: 'error',
    summary: 'A name that nothing in the spec has',
    why: 'A location or a session store that points nowhere would answer 502, or lose every session.',
  },
  'store-kind': {
    severity: 'error',
    summary: 'A session store of the wrong kind',
    why: 'A Redis session manager cannot speak to memcached, nor the other way round.',
  },
  'servers-empty': {
    severity: 'error',
    summary: 'An upstream without servers',
    why: 'nginx refuses to start, and HAProxy answers 503 to everybody.',
  },
  'servers-none-usable': {
    severity: 'error',
    summary: 'No server of the upstream takes new sessions',
    why: 'With every server down, drained or a backup there is nobody to balance to.',
  },
  'route-duplicate': {
    severity: 'error',
    summary: 'Two servers have the same route',
    why: 'A session id ends with its route: with two servers of one name half of the sessions go to the wrong one.',
  },
  'route-derived': {
    severity: 'info',
    summary: 'A server whose name cannot be its route',
    why: 'A route becomes a part of session ids and cookies, and a dot ends it. Where the name of a server has dots or more than 32 characters and the spec gives no route, dots are replaced by "-", and a longer text is cut and ended with a digest of the name.',
  },
  'route-guessed': {
    severity: 'warning',
    summary: 'A route that the server may not have',
    why: 'The name of the server cannot be a route, and its application is not configured by sessctl: when the application names itself differently, no request is sent back to it.',
  },
  'address-duplicate': {
    severity: 'warning',
    summary: 'Two servers have the same address',
    why: 'Both routes then lead to one process: it is counted and weighted twice, and one of its routes is wrong.',
  },
  'secret-literal': {
    severity: 'warning',
    summary: 'A secret is written into the spec',
    why: 'Specs are committed and reviewed; a secret belongs in the environment or in a file that is not.',
  },
  'header-of-the-connection': {
    severity: 'error',
    summary: 'A header that is not for the application to be told',
    why: 'Connection, Transfer-Encoding, Content-Length and their kin describe the connection itself: a fixed value breaks requests, or lets one be smuggled in another.',
  },
  'access-log-nowhere': {
    severity: 'error',
    summary: 'An access log without a place',
    why: 'A log needs a file or a syslog server.',
  },
  'listener-duplicate': {
    severity: 'error',
    summary: 'One frontend listens twice on the same address',
    why: 'nginx refuses a duplicate listen, and HAProxy would share the port at random.',
  },
} as const satisfies CodeTable

export const report = reportFor(modelCodes)
