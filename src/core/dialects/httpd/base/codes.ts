import type { CodeTable } from '../../../diagnostics/diagnostic.ts'
import { reportFor } from '../../../diagnostics/findings.ts'

/** About an existing configuration that is edited in place. */
export const httpdBaseCodes = {
  'httpd-base-invalid': {
    severity: 'error',
    summary: 'The existing httpd file cannot be edited',
    why: 'sessctl edits a file only if it can be split into directives as httpd does. A wrong guess could change another directive.',
  },
  'httpd-base-template': {
    severity: 'error',
    summary: 'The balancer is written by a template language or a macro',
    why: 'The members of the balancer are known only when the template is rendered or the macro is used, so that a line is not that of one balancer.',
  },
  'httpd-base-twice': {
    severity: 'error',
    summary: 'The existing files define members of a balancer in several virtual hosts',
    why: 'httpd has one balancer for each virtual host. Which of them is that of the spec is not known.',
  },
  'httpd-base-added': {
    severity: 'info',
    summary: 'A balancer was added to the existing httpd file',
    why: 'The file had no balancer of this name.',
  },
  'httpd-base-server': {
    severity: 'info',
    summary: 'A server of the existing httpd file changes',
    why: 'The members of a balancer and their parameters are those of the spec. Parameters that the spec does not set are kept.',
  },
  'httpd-base-method': {
    severity: 'info',
    summary: 'The balancing method or the affinity of the existing httpd file changes',
    why: 'The method and the affinity of a balancer are those of the spec.',
  },
  'httpd-base-variable': {
    severity: 'info',
    summary: 'A value of the existing httpd file is a variable',
    why: 'Another directive or the environment defines the value. It is compared with the spec as httpd reads it here, and kept.',
  },
  'httpd-base-not-passed': {
    severity: 'warning',
    summary: 'No directive sends requests to the balancer',
    why: 'The balancer alone has no effect: it needs `ProxyPass PATH balancer://NAME`, or a `RewriteRule` with `[P]`.',
  },
  'httpd-base-method-reset': {
    severity: 'warning',
    summary: 'A virtual host resets the balancing method',
    why: 'A virtual host with `ProxyPass … balancer://NAME` has a balancer of its own, which inherits the members of the main server, but not `lbmethod`: it is byrequests there.',
  },
  'httpd-base-shadowed': {
    severity: 'warning',
    summary: 'Members of a balancer have no effect',
    why: 'If the main server has a balancer of this name, a virtual host uses the members of the main server in place of its own. Of two members whose URLs begin alike, httpd uses the first.',
  },
} as const satisfies CodeTable

export const report = reportFor(httpdBaseCodes)
