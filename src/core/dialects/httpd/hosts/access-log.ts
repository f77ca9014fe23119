import { notFollowed, withoutEffect } from '../../../fields.ts'
import type { AccessLogField } from '../../../model/access-log-fields.ts'
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

/** httpd escapes quotes and control characters in each of them. */
const values: Readonly<Record<AccessLogField, string>> = {
  time: '%{end:%Y-%m-%dT%H:%M:%S%z}t',
  duration: '%{ms}T',
  'client.address': '%a',
  'request.method': '%m',
  'request.host': '%{sessctl-host}e',
  'request.uri': '%{sessctl-uri}e',
  'request.path': '%{sessctl-path}e',
  'tls.version': '%{SSL_PROTOCOL}x',
  'tls.cipher': '%{SSL_CIPHER}x',
  'request.protocol': '%H',
  'request.userAgent': '%{User-Agent}i',
  'request.referer': '%{Referer}i',
  'response.status': '%>s',
  server: '%{BALANCER_WORKER_NAME}e',
  route: '%{BALANCER_SESSION_ROUTE}e',
}

const fieldFormat = (fields: readonly AccessLogField[]): string =>
  fields.map((field) => `${field}="${values[field]}"`).join(' ')

export const accessLogOf = (
  { accessLog }: Frontend,
  { findings, modules }: Context,
): LogView | null => {
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
  const { fields } = accessLog
  if (fields?.some((field) => field.startsWith('tls.')) === true) modules.add('ssl')
  return { file, format: fields === null ? format : fieldFormat(fields) }
}
