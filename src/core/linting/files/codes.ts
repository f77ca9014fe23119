import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'
import { lintCodes } from '../../lint/codes.ts'
import { storeCodes } from '../../lint/store-codes.ts'

/** What only files have that sessctl did not write. */
export const fileCodes = {
  'balance-after-sticky': {
    severity: 'error',
    summary: 'A balancing method that replaces the affinity',
    why: 'In an upstream block of nginx, `sticky` and `jvm_route` extend the method before them. A method after them replaces both: nginx only logs `load balancing method redefined`, and requests of one session are balanced over all servers. The jvm_route module of sessctl refuses such a block.',
  },
  'balance-twice': {
    severity: 'warning',
    summary: 'Two balancing methods in one upstream',
    why: 'nginx uses the last method of the block and logs `load balancing method redefined`; HAProxy uses the last `balance` and the last `cookie` of a section and logs nothing. The others have no effect.',
  },
  'route-missing': {
    severity: 'warning',
    summary: 'A server without a route',
    why: 'Affinity finds the server of a session by the route of the server: `srun_id` or `route` in nginx, `route` in httpd, `cookie` in HAProxy, and Tomcat appends its `jvmRoute` to the session id. No session stays on a server that has none.',
  },
  'route-repeated': {
    severity: 'error',
    summary: 'Two servers with one route',
    why: 'The balancer cannot tell the servers apart: requests of a session are sent to the server that does not have it.',
  },
  'route-unused': {
    severity: 'warning',
    summary: 'Routes that the balancer does not use',
    why: 'In HAProxy, `cookie` of a server has an effect only if a `cookie NAME` line applies to the backend. Without it, HAProxy accepts the file without a warning and balances the requests of one session over all servers.',
  },
  'ip-hash-one-network': {
    severity: 'warning',
    summary: 'ip_hash where all clients are in one /24 network',
    why: 'ip_hash uses the first three octets of an IPv4 address. If only clients of one /24 network are allowed, all of them are sent to one server.',
  },
  'host-underscore': {
    severity: 'warning',
    summary: 'An upstream name with "_" is sent as the host name',
    why: 'Without `proxy_set_header Host`, nginx sends the name in `proxy_pass` to the servers. "_" is not allowed in host names: Tomcat 8.5 and later and Django answer 400.',
  },
  'next-upstream-repeats': {
    severity: 'warning',
    summary: 'POST requests are sent a second time',
    why: 'With `non_idempotent`, nginx sends a POST to the next server under all conditions of `proxy_next_upstream`, even if the first server has executed it: an order is placed twice. In HAProxy, `retry-on` with a condition that occurs after the request was sent does the same, unless `http-request disable-l7-retry` excludes it.',
  },
  'directive-too-new': {
    severity: 'error',
    summary: 'A directive that this nginx does not know',
    why: 'nginx does not start with `unknown directive` or `invalid parameter`.',
  },
  'keepalive-without-headers': {
    severity: 'warning',
    summary: 'Idle connections are closed after each request',
    why: 'Before 1.29.7, nginx speaks HTTP/1.0 to the servers and sends `Connection: close`, so `keepalive` has no effect: each request opens a connection.',
  },
  'route-unmatched': {
    severity: 'error',
    summary: 'A route that balancer and Tomcat do not both have',
    why: 'Tomcat appends its `jvmRoute` to the session id, and the balancer looks for the server with this route. Where no server has it, or another Tomcat, requests of the session are balanced over all servers. Routes are compared with case.',
  },
  'manager-overruled': {
    severity: 'warning',
    summary: 'A Manager that another file overrules',
    why: 'Tomcat reads a Context in server.xml, conf/context.xml, context.xml.default and the context file (below conf, else META-INF/context.xml) in this order, and uses the last Manager. With override="true" the defaults are not read, and for a Context in server.xml no context file is read.',
  },
  'file-syntax': {
    severity: 'error',
    summary: 'A file that its server refuses',
    why: 'The server does not start with this file. The rules are applied to what can be read.',
  },
} as const satisfies CodeTable

export const report = reportFor({ ...lintCodes, ...storeCodes, ...fileCodes })
