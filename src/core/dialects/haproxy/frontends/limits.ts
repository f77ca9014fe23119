import type { Cluster } from '../../../model/cluster.ts'
import type { HttpSettings, Limit } from '../../../model/http-settings.ts'
import { usedLimits } from '../../../model/limits.ts'
import { explained, type Rule, rule } from '../rules.ts'

/** A stick table, in a backend of its own. */
export interface LimitTableView {
  readonly name: string
  /** Words after `type`. */
  readonly type: readonly string[]
  /** Milliseconds. */
  readonly expire: string
  /** What is counted, such as `gpc0_rate(1100ms),conn_cur`. */
  readonly store: string
}

type Key = 'address' | 'session'

const tableName = (owner: string, key: Key): string => `${owner}::per-${key}`

/** Numbers of the counters that a request has. */
const counters: Readonly<Record<Key, number>> = { address: 0, session: 1 }

/**
 * nginx accepts `burst` + 1 requests at once, and one more in each part of the period. As many in the time
 * that nginx takes to accept them again are the same, at once and in the long run.
 */
const rateOf = ({ requests }: Limit): { readonly most: number; readonly ms: number } | null => {
  if (requests === null) return null
  const { burst, count, periodMs } = requests
  const ms = Math.max(1, Math.round(((burst + 1) * periodMs) / count))
  // HAProxy has no part of a millisecond: with thousands of requests per second, more are accepted at once.
  return { most: Math.max(burst + 1, Math.floor((count * ms) / periodMs)), ms }
}

/** Rejected requests do not count, as in nginx: a client that asks too often still gets the rate. */
const limitOf = (
  limit: Limit,
  key: Key,
  refused: (conditions: readonly string[]) => Rule,
): { readonly refusals: readonly Rule[]; readonly increments: readonly Rule[] } => {
  const counter = counters[key]
  const rate = rateOf(limit)
  const refusals: Rule[] = []
  if (rate !== null)
    refusals.push(refused(['{', `sc${counter}_gpc0_rate`, 'ge', String(rate.most), '}']))
  if (limit.connections !== null)
    refusals.push(refused(['{', `sc${counter}_conn_cur`, 'gt', String(limit.connections), '}']))
  return { refusals, increments: rate === null ? [] : [rule({ increment: String(counter) })] }
}

/** Statuses for which HAProxy has a page. */
const withPage: ReadonlySet<number> = new Set([
  ...[400, 403, 404, 405, 408, 410, 413, 425, 429],
  ...[500, 502, 503, 504],
])

const refusal = (status: number, conditions: readonly string[]): Rule =>
  rule(withPage.has(status) ? { denyStatus: status } : { returnStatus: status }, conditions)

/** Which requests are counted for which key. */
const trackingOf = (key: Key, owner: string, cookie: string | null): readonly Rule[] => {
  const table = tableName(owner, key)
  const counter = counters[key]
  const bySource = (sample: string, conditions: readonly string[] = []) =>
    rule({ track: { counter, sample, table } }, conditions)
  if (cookie === null) return [bySource('src')]
  const sample = `req.cook(${cookie})`
  // Hashes of one length: a key that is cut would be that of several sessions.
  return [
    bySource(`${sample},sha1`, ['{', sample, '-m', 'len', 'gt', '0', '}']),
    bySource('src,sha1'),
  ]
}

export const limitRules = ({ limits }: HttpSettings): readonly Rule[] => {
  if (limits === null) return []
  const { perAddress, perSession, owner, status } = limits
  const refused = (conditions: readonly string[]) => refusal(status, conditions)
  const parts = [
    ...(perAddress === null ? [] : [{ key: 'address', limit: perAddress, cookie: null } as const]),
    ...(perSession === null
      ? []
      : [{ key: 'session', limit: perSession, cookie: perSession.cookie } as const]),
  ]
  const counted = parts.map(({ key, limit }) => limitOf(limit, key, refused))
  return explained('limits: requests above them are rejected and not counted', [
    ...parts.flatMap(({ key, cookie }) => trackingOf(key, owner, cookie)),
    ...counted.flatMap(({ refusals }) => refusals),
    ...counted.flatMap(({ increments }) => increments),
  ])
}

const tableOf = (limit: Limit, owner: string, key: Key): LimitTableView => {
  const rate = rateOf(limit)
  return {
    name: tableName(owner, key),
    type: key === 'address' ? ['ipv6'] : ['binary', 'len', '20'],
    expire: `${Math.max(60_000, 2 * (rate?.ms ?? 0))}ms`,
    store: [
      ...(rate === null ? [] : [`gpc0_rate(${rate.ms}ms)`]),
      ...(limit.connections === null ? [] : ['conn_cur']),
    ].join(','),
  }
}

export const limitTables = ({ frontends }: Cluster): readonly LimitTableView[] =>
  usedLimits(frontends).flatMap(({ owner, perAddress, perSession }) => [
    ...(perAddress === null ? [] : [tableOf(perAddress, owner, 'address')]),
    ...(perSession === null ? [] : [tableOf(perSession, owner, 'session')]),
  ])
