import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import { type Check, formatRange, type StatusRange } from '../../model/check.ts'
import type { Upstream } from '../../model/cluster.ts'
import { regexText } from '../regular-expressions.ts'
import type { Features } from './features.ts'

/** A `match` block of NGINX Plus: the answer with which a check passes. */
export interface MatchView {
  readonly name: string
  /** Words after `status`. */
  readonly statuses: readonly string[]
  /** A regular expression; null: any body. */
  readonly body: string | null
}

const usual: readonly StatusRange[] = [{ from: 200, to: 399 }]

/** The name of the `match` block of an upstream; null: NGINX Plus accepts 2xx and 3xx by itself. */
export const matchName = ({ check, name }: Upstream): string | null =>
  check === null || check.uri === null || (check.statuses === null && check.text === null)
    ? null
    : name

export const matchViews = (
  upstreams: readonly Upstream[],
  { flavor }: Features,
): readonly MatchView[] =>
  flavor !== 'nginx-plus'
    ? []
    : upstreams.flatMap((upstream) => {
        const name = matchName(upstream)
        const { check } = upstream
        if (name === null || check === null) return []
        const { statuses, text } = check
        return [
          {
            name,
            statuses: (statuses ?? usual).map(formatRange),
            body: text === null ? null : regexText(text),
          },
        ]
      })

/** The classes that upstream_check knows: `http_2xx` is 200 to 299. */
const classesIn = (ranges: readonly StatusRange[]): readonly number[] =>
  [2, 3, 4, 5].filter((each) =>
    ranges.some(({ from, to }) => from <= each * 100 && to >= each * 100 + 99),
  )

/** The classes in which all expected codes are. */
const classesAround = (ranges: readonly StatusRange[]): readonly number[] =>
  [2, 3, 4, 5].filter((each) =>
    ranges.some(({ from, to }) => from <= each * 100 + 99 && to >= each * 100),
  )

/** Words after `check_http_expect_alive`. */
export const aliveClasses = ({ statuses }: Check): readonly string[] =>
  classesAround(statuses ?? usual).map((each) => `http_${each}xx`)

const isWholeClasses = (ranges: readonly StatusRange[]): boolean =>
  ranges.every(({ from, to }) => from % 100 === 0 && to % 100 === 99) &&
  classesIn(ranges).length === classesAround(ranges).length

/** Reports the parts of a check that upstream_check or NGINX Plus does not have. */
export const reportAnswers = (check: Check, features: Features, findings: Findings): void => {
  const {
    closesOnDown,
    downIntervalMs,
    headers,
    host,
    method,
    path,
    statuses,
    text,
    timeoutMs,
    uri,
  } = check
  const isPlus = features.flavor === 'nginx-plus'
  const title = isPlus ? features.label : 'upstream_check'
  const say = (isSet: boolean, key: string, why: string): void => {
    if (isSet) notFollowed(findings, [...path, key], title, why)
  }
  say(downIntervalMs !== null, 'downInterval', 'it has one interval for all states')
  say(closesOnDown, 'onDown', 'nginx lets requests end')
  say(isPlus && timeoutMs !== null, 'timeout', 'it uses timeouts.connect and timeouts.read')
  if (uri === null) return
  say(isPlus && method !== 'GET', 'method', 'it checks with GET')
  say(isPlus && host !== null, 'host', 'it sends the Host header of the location')
  say(isPlus && headers.length > 0, 'headers', 'it sends the headers of the location')
  if (isPlus) return
  say(text !== null, 'expect', 'it does not read the body')
  say(
    text === null && statuses !== null && !isWholeClasses(statuses),
    'expect',
    `it knows classes of status codes only, here ${aliveClasses(check).join(' and ')}`,
  )
}
