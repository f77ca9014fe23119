import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { formatAddress } from '../../model/address.ts'
import type { AccessLog, Cluster, Frontend, Upstream } from '../../model/cluster.ts'
import type { UpstreamConfiguration } from './affinity/implementation.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'

export const checkAccessLog = (
  { accessLog }: Frontend,
  { hasJsonLogs, label }: Features,
  findings: Findings,
): void => {
  if (accessLog?.format !== 'json' || hasJsonLogs) return
  report(
    findings,
    'nginx-log-json',
    atValue([...accessLog.path, 'format']),
    `${label} cannot escape values in JSON logs`,
    'write format: text, or use nginx 1.11.8 or later',
  )
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

type ConfigurationOf = (upstream: Upstream) => UpstreamConfiguration

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
) => {
  const { accessLog } = frontend
  if (accessLog === null) return null
  const isJson = accessLog.format === 'json'
  const affinity = affinityColumns(upstreams, configurationOf)
  // Names of clusters contain no underscore, so names of two generated files do not collide.
  const format = `sessctl_${name}_${frontend.name}`
  return {
    name: format,
    isJson,
    lines: isJson ? jsonLines(affinity) : textLines(affinity),
    places: placesOf(accessLog).map((place) => ({ place, format })),
  }
}
