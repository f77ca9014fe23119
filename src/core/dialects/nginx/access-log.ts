import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { AccessLog, Cluster, Frontend, Upstream } from '../../model/cluster.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { Part } from './forms/form.ts'
import type { AccessLogView } from './views.ts'

export const accessLogProblems = (
  { accessLog }: Frontend,
  { logsJson, label }: Features,
): readonly Diagnostic[] =>
  accessLog?.format !== 'json' || logsJson
    ? []
    : [
        report(
          'nginx-log-json',
          atValue([...accessLog.path, 'format']),
          `${label} cannot escape what it logs as JSON`,
          'format: text; nginx 1.11.8 can',
        ),
      ]

interface Column {
  readonly key: string
  readonly variable: string
}

/** `route` where all upstreams have the same variable for it; else each one's own, by its name. */
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
  partOf: (upstream: Upstream) => Part,
): readonly Column[] => [
  ...columnsOf('route', upstreams, (upstream) => partOf(upstream).logged.route),
  ...columnsOf('route_status', upstreams, (upstream) => partOf(upstream).logged.routeStatus),
]

const upstreamColumns: readonly Column[] = [
  { key: 'upstream', variable: '$upstream_addr' },
  { key: 'upstream_status', variable: '$upstream_status' },
]

/** As the log format `combined` begins; nginx writes what a quote could end as \xXX. */
const textLines = (affinity: readonly Column[]): readonly string[] => {
  const words = (columns: readonly Column[]) =>
    columns.map(({ key, variable }) => ` ${key}="${variable}"`).join('')
  return [
    '$remote_addr [$time_local] "$request" $status',
    words(upstreamColumns),
    words(affinity),
  ].filter((line) => line !== '')
}

/** All of them text: a status can be 000 or 009, which is no number in JSON. */
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

/** A format of its own for each frontend: variables differ with the upstreams it leads to. */
export const accessLogView = (
  { name }: Cluster,
  frontend: Frontend,
  upstreams: readonly Upstream[],
  partOf: (upstream: Upstream) => Part,
): AccessLogView | null => {
  const { accessLog } = frontend
  if (accessLog === null) return null
  const isJson = accessLog.format === 'json'
  const affinity = affinityColumns(upstreams, partOf)
  // No cluster's name has an underscore: two files of sessctl in one nginx do not collide.
  const format = `sessctl_${name}_${frontend.name}`
  return {
    name: format,
    isJson,
    lines: isJson ? jsonLines(affinity) : textLines(affinity),
    places: placesOf(accessLog).map((place) => ({ place, format })),
  }
}
