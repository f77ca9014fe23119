import { notFollowed, withoutEffect } from '../../../fields.ts'
import type { Frontend } from '../../../model/cluster.ts'
import type { Context } from '../context.ts'

/** Arguments of CustomLog. */
export interface LogView {
  readonly file: string
  readonly format: string
}

/** mod_proxy_balancer sets the selected worker, the route in the request, and whether it changed. */
const format = [
  '%a %t "%r" %>s',
  'server="%{BALANCER_WORKER_NAME}e"',
  'route="%{BALANCER_SESSION_ROUTE}e"',
  'server_route="%{BALANCER_WORKER_ROUTE}e"',
  'route_changed="%{BALANCER_ROUTE_CHANGED}e"',
].join(' ')

export const accessLogOf = ({ accessLog }: Frontend, { findings }: Context): LogView | null => {
  if (accessLog === null) return null
  const { file, syslog, path } = accessLog
  if (syslog !== null) {
    const at = [...path, 'syslog']
    const why = 'httpd writes access logs to files'
    if (file === null) notFollowed(findings, at, 'httpd', why, 'write path: FILE')
    else withoutEffect(findings, at, 'httpd', why)
  }
  if (file === null) return null
  if (accessLog.format === 'json') {
    const why = 'httpd cannot escape values for JSON; it logs text'
    notFollowed(findings, [...path, 'format'], 'httpd', why)
  }
  return { file, format }
}
