import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { NextUpstream, Server, Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { timer } from '../durations.ts'

/** How many failed connections mark a server down, and for how long. */
export interface FailsView {
  readonly limit: number
  readonly interval: string
  /** Successful checks that mark the server up again; null: as many as in the check of the upstream. */
  readonly rise: number | null
}

/** nginx's own defaults, for the half that is left out. */
const standardFails = 1
const standardFailTimeoutMs = 10_000

/** Whether failed connections mark a server down. With `failTimeout: 0` they do not, as in nginx. */
const counts = ({ maxFails, failTimeoutMs }: Server): boolean =>
  maxFails !== 0 && failTimeoutMs !== 0 && (maxFails !== null || failTimeoutMs !== null)

export const failsOf = (server: Server, upstream: Upstream, context: Context): FailsView | null => {
  const { maxFails, failTimeoutMs, path } = server
  if (!counts(server)) return null
  return {
    limit: maxFails ?? standardFails,
    interval: timer(failTimeoutMs ?? standardFailTimeoutMs, [...path, 'failTimeout'], context),
    rise: upstream.check === null ? 1 : null,
  }
}

/** Reported once for an upstream, at the first server that has limits. */
export const noteFails = (upstream: Upstream, { findings }: Context): void => {
  const server = upstream.servers.find(counts)
  if (!server) return
  const key = server.maxFails === null ? 'failTimeout' : 'maxFails'
  report(
    findings,
    'haproxy-max-fails',
    atValue([...server.path, key]),
    `${key} uses "observe": failed connections in a row mark the server down, health checks mark it up again`,
    null,
  )
}

export interface FailoverView {
  /** `option redispatch 1`: the second try is already sent to another server. */
  readonly redispatches: boolean
  /** `option persist`: a request with a session is sent to its server even when that is marked down. */
  readonly persists: boolean
  /** Text, because 0 is a number of retries. */
  readonly retries: string
  /** Words after `retry-on`; empty: HAProxy's default, a connection that fails. */
  readonly retryOn: readonly string[]
  /** Requests that must not be sent twice are not retried. */
  readonly sparesRequests: boolean
}

/** HAProxy's own default. */
const standardRetries = 3
/** A strict session has one server: a second try, a second later, bridges a restart. */
const strictRetries = 1

const conditions: Readonly<Record<string, readonly string[]>> = {
  error: ['conn-failure', 'empty-response'],
  timeout: ['response-timeout'],
  invalid_header: ['junk-response'],
}

const retryOf = (
  next: NextUpstream,
  { features, version, findings }: Context,
): readonly string[] => {
  if (next.on.includes('off')) return ['none']
  const words = new Set<string>()
  for (const [index, condition] of next.on.entries()) {
    const status = condition.replace('http_', '')
    const known = conditions[condition] ?? (features.retriedStatuses.has(status) ? [status] : [])
    for (const word of known) words.add(word)
    if (known.length > 0 || condition === 'non_idempotent') continue
    report(
      findings,
      'haproxy-next-upstream',
      atValue([...next.path, 'on', index]),
      `HAProxy ${version.text} does not try another server after ${condition}`,
      'remove the condition; HAProxy 2.4 retries after http_403, HAProxy 3.1 after http_429',
    )
  }
  return words.size === 0 ? ['none'] : [...words]
}

const triesOf = ({ servers }: Upstream): number =>
  servers.filter(({ state }) => state === 'up' || state === 'backup').length

const retriesOf = (upstream: Upstream, isStrict: boolean): number => {
  const next = upstream.nextUpstream
  if (next?.on.includes('off')) return 0
  const tries = next?.tries ?? null
  if (tries === null) return isStrict ? strictRetries : standardRetries
  return (tries === 0 ? triesOf(upstream) : tries) - 1
}

/** What happens when a server does not answer: nginx's proxy_next_upstream, and `onFailure`. */
export const failoverOf = (upstream: Upstream, context: Context): FailoverView => {
  const { affinity, nextUpstream } = upstream
  const isStrict = affinity.method !== 'none' && affinity.onFailure === 'strict'
  if (nextUpstream?.timeoutMs) {
    report(
      context.findings,
      'haproxy-next-upstream',
      atValue([...nextUpstream.path, 'timeout']),
      'HAProxy has no limit for the time of all tries together',
      'remove timeout; each try is limited by "timeout connect" (5 s) and "timeout server" (60 s)',
    )
  }
  const retryOn = nextUpstream === null ? [] : retryOf(nextUpstream, context)
  return {
    redispatches: !isStrict && !nextUpstream?.on.includes('off'),
    persists: isStrict,
    retries: String(Math.max(0, retriesOf(upstream, isStrict))),
    retryOn,
    sparesRequests:
      nextUpstream !== null &&
      !nextUpstream.on.includes('non_idempotent') &&
      retryOn.some((word) => word !== 'none' && word !== 'conn-failure'),
  }
}
