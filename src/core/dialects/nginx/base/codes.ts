import type { CodeTable } from '../../../diagnostics/diagnostic.ts'
import { reportFor } from '../../../diagnostics/findings.ts'

/** About an existing configuration that is edited in place. */
export const nginxBaseCodes = {
  'nginx-base-invalid': {
    severity: 'error',
    summary: 'The existing nginx file cannot be edited',
    why: 'sessctl edits a file only if it can be split into directives as nginx does. A wrong guess could change another directive.',
  },
  'nginx-base-template': {
    severity: 'error',
    summary: 'The upstream block is written by a template language',
    why: 'The servers and the method of the block are known only when the template is rendered, so they cannot be compared with the spec.',
  },
  'nginx-base-twice': {
    severity: 'error',
    summary: 'The existing files define an upstream twice',
    why: 'nginx refuses two upstream blocks of one name.',
  },
  'nginx-base-added': {
    severity: 'info',
    summary: 'A block was added to the existing nginx file',
    why: 'The file had no block of this name.',
  },
  'nginx-base-server': {
    severity: 'info',
    summary: 'A server of the existing nginx file changes',
    why: 'The servers of an upstream and their parameters are those of the spec. Parameters that the spec does not set are kept.',
  },
  'nginx-base-method': {
    severity: 'info',
    summary: 'The balancing method or the affinity of the existing nginx file changes',
    why: 'The method and the affinity of an upstream are those of the spec.',
  },
  'nginx-base-second-method': {
    severity: 'warning',
    summary: 'The upstream block has a second balancing method',
    why: 'nginx uses the last method of an upstream block. One of the two has no effect.',
  },
  'nginx-base-not-passed': {
    severity: 'warning',
    summary: 'No location sends requests to the upstream',
    why: 'The upstream block alone has no effect: a location needs `proxy_pass http://NAME`. An address in `proxy_pass` reaches one server, without affinity.',
  },
  'nginx-base-keepalive': {
    severity: 'warning',
    summary: '`keepalive` has no effect without HTTP/1.1 and an empty Connection header',
    why: 'Before 1.29.7, nginx sends HTTP/1.0 and `Connection: close` to servers unless the location says otherwise, so that each request opens a connection.',
  },
  'nginx-base-userid': {
    severity: 'warning',
    summary: 'The location lacks the `userid` directives of the affinity',
    why: 'Without built-in `sticky`, the affinity cookie is set by `userid` in the location, and `hash` chooses the server by it.',
  },
  'nginx-base-real-ip': {
    severity: 'warning',
    summary: 'The affinity uses the address of a proxy',
    why: 'Without the realip module, the address of a client behind a load balancer or CDN is that of the load balancer: all its clients are sent to one server.',
  },
} as const satisfies CodeTable

export const report = reportFor(nginxBaseCodes)
