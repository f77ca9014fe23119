import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import {
  type AccessLogField,
  isLoggedVariable,
  type LoggedVariable,
} from '../../model/access-log-fields.ts'
import { formatAddress } from '../../model/address.ts'
import type { AccessLog, Cluster, Frontend, Upstream } from '../../model/cluster.ts'
import { loggedText } from '../../model/request-texts.ts'
import { atLeast } from '../../model/version.ts'
import type { UpstreamConfiguration } from './affinity/implementation.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { RequestTexts } from './request-texts.ts'

type ConfigurationOf = (upstream: Upstream) => UpstreamConfiguration

const checkJson = (
  { format, path }: AccessLog,
  { hasJsonLogs, label }: Features,
  findings: Findings,
): void => {
  if (format !== 'json' || hasJsonLogs) return
  report(
    findings,
    'nginx-log-json',
    atValue([...path, 'format']),
    `${label} cannot escape values in JSON logs`,
    'write format: text, or use nginx 1.11.8 or later',
  )
}

/** Values of maps with several variables exist since 1.11.2. */
const logsMilliseconds = ({ base }: Features): boolean => atLeast(base, '1.11.2')

export const checkAccessLog = (
  frontend: Frontend,
  features: Features,
  configurationOf: ConfigurationOf,
  findings: Findings,
): void => {
  const { accessLog, locations } = frontend
  if (accessLog === null) return
  checkJson(accessLog, features, findings)
  for (const [position, field] of (accessLog.fields ?? []).entries()) {
    const at = [...accessLog.path, 'fields', position]
    if (field === 'duration' && !logsMilliseconds(features)) {
      const why = 'it logs the duration in seconds'
      notFollowed(findings, at, features.label, why, 'use nginx 1.11.2 or later')
    }
    const hasRoute = locations.some(
      ({ action }) =>
        action.kind === 'proxy' && configurationOf(action.upstream).logged.route !== null,
    )
    if (field === 'route' && !hasRoute) {
      const why = 'no variable has the route of these upstreams, and "route" is logged as "-"'
      notFollowed(findings, at, features.label, why)
    }
  }
}

interface Column {
  readonly key: string
  readonly variable: string
}

/** One column if all upstreams use the same variable; else one for each upstream, with its name. */
const columnsOf = (
  key: string,
  upstreams: readonly Upstream[],
  variableOf: (upstream: Upstream) => string | null,
): readonly Column[] => {
  const known = upstreams.flatMap((upstream) => {
    const variable = variableOf(upstream)
    return variable === null ? [] : [{ key: `${key}_${upstream.name}`, variable }]
  })
  const [first] = known
  if (first === undefined) return []
  return known.every(({ variable }) => variable === first.variable)
    ? [{ key, variable: first.variable }]
    : known
}

const affinityColumns = (
  upstreams: readonly Upstream[],
  configurationOf: ConfigurationOf,
): readonly Column[] => [
  ...columnsOf('route', upstreams, (each) => configurationOf(each).logged.route),
  ...columnsOf('route_status', upstreams, (each) => configurationOf(each).logged.routeStatus),
]

const upstreamColumns: readonly Column[] = [
  { key: 'upstream', variable: '$upstream_addr' },
  { key: 'upstream_status', variable: '$upstream_status' },
]

/** Begins like the format `combined`; nginx writes quotes in values as \x22. */
const textLines = (affinity: readonly Column[]): readonly string[] => {
  const words = (columns: readonly Column[]) =>
    columns.map(({ key, variable }) => ` ${key}="${variable}"`).join('')
  return [
    '$remote_addr [$time_local] "$request" $status',
    words(upstreamColumns),
    words(affinity),
  ].filter((line) => line !== '')
}

/** All values are strings: a status such as 000 or 009 is not a number in JSON. */
const jsonLines = (affinity: readonly Column[]): readonly string[] => {
  const members = (columns: readonly Column[]) =>
    columns.map(({ key, variable }) => `"${key}":"${variable}"`).join(',')
  const first: readonly Column[] = [
    { key: 'time', variable: '$time_iso8601' },
    { key: 'client', variable: '$remote_addr' },
    { key: 'request', variable: '$request' },
    { key: 'status', variable: '$status' },
  ]
  const lines = [first, upstreamColumns, affinity].filter(({ length }) => length > 0).map(members)
  return lines.map(
    (line, index) => `${index === 0 ? '{' : ''}${line}${index === lines.length - 1 ? '}' : ','}`,
  )
}

/** The fields of the spec; a column of routes for each upstream whose variable differs. */
const fieldColumns = (
  fields: readonly AccessLogField[],
  frontend: Frontend,
  texts: RequestTexts,
  routes: readonly Column[],
  isInMs: boolean,
): readonly Column[] =>
  fields.flatMap((key): readonly Column[] => {
    if (isLoggedVariable(key)) return [{ key, variable: texts.wordOf(loggedText(key), frontend) }]
    switch (key) {
      case 'route':
        return routes.length === 0 ? [{ key, variable: '-' }] : routes
      case 'duration':
        return [{ key, variable: isInMs ? texts.duration() : '$request_time' }]
      default:
        return [{ key, variable: variables[key] }]
    }
  })

const variables: Readonly<
  Record<Exclude<AccessLogField, LoggedVariable | 'route' | 'duration'>, string>
> = {
  time: '$time_iso8601',
  'request.protocol': '$server_protocol',
  'request.userAgent': '$http_user_agent',
  'request.referer': '$http_referer',
  'response.status': '$status',
  server: '$upstream_addr',
}

const fieldLines = (columns: readonly Column[], isJson: boolean): readonly string[] =>
  isJson
    ? [`{${columns.map(({ key, variable }) => `"${key}":"${variable}"`).join(',')}}`]
    : [columns.map(({ key, variable }) => `${key}="${variable}"`).join(' ')]

const placesOf = ({ file, syslog }: AccessLog): readonly string[] => [
  ...(file === null ? [] : [file]),
  ...(syslog === null ? [] : [`syslog:server=${formatAddress(syslog)}`]),
]

/** A log_format, and where it is used. Each frontend has its own, because variables differ between upstreams. */
export const accessLogView = (
  { name }: Cluster,
  frontend: Frontend,
  upstreams: readonly Upstream[],
  configurationOf: ConfigurationOf,
  { features, texts }: { readonly features: Features; readonly texts: RequestTexts },
) => {
  const { accessLog } = frontend
  if (accessLog === null) return null
  const isJson = accessLog.format === 'json'
  const affinity = affinityColumns(upstreams, configurationOf)
  const usual = isJson ? jsonLines(affinity) : textLines(affinity)
  const routes = columnsOf('route', upstreams, (each) => configurationOf(each).logged.route)
  const columns = fieldColumns(
    accessLog.fields ?? [],
    frontend,
    texts,
    routes,
    logsMilliseconds(features),
  )
  // Names of clusters contain no underscore, so names of two generated files do not collide.
  const format = `sessctl_${name}_${frontend.name}`
  return {
    name: format,
    isJson,
    lines: accessLog.fields === null ? usual : fieldLines(columns, isJson),
    places: placesOf(accessLog).map((place) => ({ place, format })),
  }
}
