import { atKey } from '../../../diagnostics/diagnostic.ts'
import { notFollowed, withoutEffect } from '../../../fields.ts'
import { type AccessLogField, isLoggedVariable } from '../../../model/access-log-fields.ts'
import { type Address, formatAddress } from '../../../model/address.ts'
import type { AccessLog, Frontend, Upstream } from '../../../model/cluster.ts'
import type { Site } from '../../sites.ts'
import { routeSample } from '../affinity/use-server.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { loggedSamples, sampleOf } from '../request-text.ts'

/** Where requests are logged, and how. */
export interface LogView {
  /** Arguments of `log`. */
  readonly target: readonly string[]
  readonly format: string
}

/** A request line may take 1,024 bytes, and lines of more than that are cut. */
const length = ['len', '8192']

const streams: readonly (string | null)[] = ['/dev/stdout', '/dev/stderr']

const syslogOf = (address: Address): string =>
  address.kind === 'unix' ? address.path : formatAddress(address)

const targetOf = ({ file, syslog }: AccessLog): readonly string[] => {
  if (syslog !== null) return [syslogOf(syslog), ...length, 'local0']
  const stream = file === '/dev/stderr' ? 'stderr' : 'stdout'
  return [stream, ...length, 'format', 'raw', 'local0']
}

/** Whether a rule of the affinity reads the route; the state of HAProxy's own cookie is logged in `state`. */
const looksForRoute = ({ affinity }: Upstream): boolean =>
  (affinity.method === 'jvm_route' && affinity.mode === null) ||
  (affinity.method === 'sticky' && affinity.by === 'route')

/** In 2.2 the flag +E of log-format ends a text at its first quote. */
const loggedRoute = `"%[${routeSample},json(utf8s)]"`

const textFormat = (hasRoute: boolean): string =>
  [
    '%ci [%tr] %{+Q}r %ST server="%b/%s" state="%tsc"',
    ...(hasRoute ? [`route=${loggedRoute}`] : []),
  ].join(' ')

const jsonFormat = (hasRoute: boolean): string => {
  const members = [
    ['time', '"%tr"'],
    ['client', '"%ci"'],
    ['request', '"%[capture.req.method,json(utf8s)] %[capture.req.uri,json(utf8s)]"'],
    ['status', '"%ST"'],
    ['server', '"%b/%s"'],
    ['state', '"%tsc"'],
    ...(hasRoute ? [['route', loggedRoute]] : []),
  ]
  return `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`
}

/** JSON escapes each slash, which a text log does not need. */
const plainSlashes = String.raw`,regsub("\\\\/",/,g)`

/** Samples and variables of the log; what a client can write is a text of JSON, in which quotes are escaped. */
const loggedValue = (field: AccessLogField, isJson: boolean): string => {
  const text = (sample: string) => `%[${sample},json(utf8s)${isJson ? '' : plainSlashes}]`
  if (isLoggedVariable(field)) return text(sampleOf(field))
  switch (field) {
    case 'time':
      return '%[date,ltime(%Y-%m-%dT%H:%M:%S%z)]'
    case 'duration':
      return '%Ta'
    case 'request.protocol':
      return `HTTP/%[var(${loggedSamples[field].variable})]`
    case 'request.userAgent':
    case 'request.referer':
      return text(`var(${loggedSamples[field].variable})`)
    case 'response.status':
      return '%ST'
    case 'server':
      return '%b/%s'
    case 'route':
      return text(routeSample)
  }
}

const fieldFormat = (fields: readonly AccessLogField[], isJson: boolean): string =>
  isJson
    ? `{${fields.map((field) => `"${field}":"${loggedValue(field, isJson)}"`).join(',')}}`
    : fields.map((field) => `${field}="${loggedValue(field, isJson)}"`).join(' ')

const formatOf = ({ fields, format }: AccessLog, hasRoute: boolean): string => {
  const isJson = format === 'json'
  if (fields === null) return isJson ? jsonFormat(hasRoute) : textFormat(hasRoute)
  return fieldFormat(fields, isJson)
}

const isSame = (one: AccessLog | null, other: AccessLog | null): boolean =>
  one?.format === other?.format &&
  JSON.stringify(one?.fields) === JSON.stringify(other?.fields) &&
  JSON.stringify(one && targetOf(one)) === JSON.stringify(other && targetOf(other))

/** All frontends of a site are one of HAProxy, with one log. */
const checkSame = (logged: Frontend, { frontends }: Site, context: Context): void => {
  for (const { accessLog, name, path } of frontends) {
    if (isSame(accessLog, logged.accessLog)) continue
    report(
      context.findings,
      'haproxy-access-log',
      atKey(accessLog?.path ?? path),
      `"${name}" and "${logged.name}" listen on one address, for which HAProxy has one access log`,
      'write the same accessLog in both, or use different addresses',
    )
  }
}

export const logView = (site: Site, context: Context): LogView | null => {
  const logged = site.frontends.find(({ accessLog }) => accessLog !== null)
  const accessLog = logged?.accessLog ?? null
  if (logged === undefined || accessLog === null) return null
  checkSame(logged, site, context)
  const hasRoute = site.frontends.some(({ locations }) =>
    locations.some(({ action }) => action.kind === 'proxy' && looksForRoute(action.upstream)),
  )
  return {
    target: targetOf(accessLog),
    format: formatOf(accessLog, hasRoute),
  }
}

/** The only affinity with a route is one that names it in the request. */
const noteRoute = ({ accessLog, locations }: Frontend, { findings }: Context): void => {
  const position = accessLog?.fields?.indexOf('route') ?? -1
  const isKnown = locations.some(
    ({ action }) => action.kind === 'proxy' && looksForRoute(action.upstream),
  )
  if (accessLog === null || position < 0 || isKnown) return
  const why = 'the affinity of these upstreams reads no route, and "route" is logged as "-"'
  notFollowed(findings, [...accessLog.path, 'fields', position], 'HAProxy', why)
}

/** A path that HAProxy cannot write to. */
export const checkAccessLog = (frontend: Frontend, context: Context): void => {
  const { accessLog } = frontend
  const { findings } = context
  noteRoute(frontend, context)
  if (accessLog === null || accessLog.file === null || streams.includes(accessLog.file)) return
  const at = [...accessLog.path, 'path']
  if (accessLog.syslog === null) {
    const why = 'HAProxy writes no files; it logs to standard output'
    const help = 'write syslog: HOST:PORT or path: /dev/stdout'
    notFollowed(findings, at, 'HAProxy', why, help)
  } else {
    withoutEffect(findings, at, 'HAProxy', 'HAProxy writes no files; it logs to syslog')
  }
}
