import type { CodeTable } from '../../../diagnostics/diagnostic.ts'
import { reportFor } from '../../../diagnostics/findings.ts'

/** About an existing configuration that is edited in place. */
export const haproxyBaseCodes = {
  'haproxy-base-invalid': {
    severity: 'error',
    summary: 'The existing HAProxy file cannot be edited',
    why: 'sessctl edits a file only if it can be split into sections and lines as HAProxy does. A wrong guess could change another line.',
  },
  'haproxy-base-template': {
    severity: 'error',
    summary: 'The backend is written by a template language',
    why: 'The servers and the method of the backend are known only when the template is rendered, so they cannot be compared with the spec.',
  },
  'haproxy-base-conditional': {
    severity: 'error',
    summary: 'The backend depends on a condition',
    why: 'HAProxy decides about `.if` when it starts. Which servers the backend has is not known before, so they cannot be compared with the spec.',
  },
  'haproxy-base-twice': {
    severity: 'error',
    summary: 'The existing file defines a backend twice',
    why: 'HAProxy refuses two backends of one name.',
  },
  'haproxy-base-added': {
    severity: 'info',
    summary: 'A section was added to the existing HAProxy file',
    why: 'The file had no section of this name.',
  },
  'haproxy-base-server': {
    severity: 'info',
    summary: 'A server of the existing HAProxy file changes',
    why: 'The servers of a backend and their parameters are those of the spec. Parameters that the spec does not set are kept.',
  },
  'haproxy-base-method': {
    severity: 'info',
    summary: 'The balancing method or the affinity of the existing HAProxy file changes',
    why: 'The method and the affinity of a backend are those of the spec.',
  },
  'haproxy-base-variable': {
    severity: 'info',
    summary: 'A value of the existing HAProxy file is an environment variable',
    why: 'The value differs from host to host and cannot be compared with the spec, so it is kept.',
  },
  'haproxy-base-second-method': {
    severity: 'warning',
    summary: 'The backend has a second method or affinity',
    why: 'Of two `balance` lines, HAProxy uses the last. A `use-server` rule of the file, or a `cookie` that is inherited from `defaults`, selects servers before the method of the spec does.',
  },
  'haproxy-base-not-passed': {
    severity: 'warning',
    summary: 'No frontend sends requests to the backend',
    why: 'A backend alone has no effect: a frontend needs `use_backend NAME` or `default_backend NAME`.',
  },
  'haproxy-base-mode': {
    severity: 'warning',
    summary: 'The affinity needs `mode http`',
    why: 'In `mode tcp`, HAProxy does not read requests: cookies, headers and URLs have no effect. Without a `mode` line, the mode is tcp.',
  },
  'haproxy-base-real-ip': {
    severity: 'warning',
    summary: 'The affinity uses the address of a proxy',
    why: 'Without `accept-proxy` or `http-request set-src`, the address of a client behind a load balancer or CDN is that of the load balancer: all its clients are sent to one server.',
  },
} as const satisfies CodeTable

export const report = reportFor(haproxyBaseCodes)
