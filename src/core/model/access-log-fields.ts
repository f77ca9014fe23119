import type { RequestVariable } from './request-text.ts'

/** Variables of a request that a log can contain, in all proxies. */
export const loggedVariables = [
  'client.address',
  'request.method',
  'request.host',
  'request.uri',
  'request.path',
  'tls.version',
  'tls.cipher',
] as const satisfies readonly RequestVariable[]

export type LoggedVariable = (typeof loggedVariables)[number]

/** What `accessLog.fields` can name, with one meaning in nginx, HAProxy and httpd. */
export const accessLogFields = [
  'time',
  'duration',
  ...loggedVariables,
  'request.protocol',
  'request.userAgent',
  'request.referer',
  'response.status',
  'server',
  'route',
] as const

export type AccessLogField = (typeof accessLogFields)[number]

const variables: ReadonlySet<string> = new Set(loggedVariables)

export const isLoggedVariable = (field: AccessLogField): field is LoggedVariable =>
  variables.has(field)
