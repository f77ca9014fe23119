import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { NextUpstream, Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

export interface FailoverView {
  /** `option redispatch 1`: the second try already goes to another server. */
  readonly redispatches: boolean
  /** `option persist`: a pinned request goes to its server, marked down or not. */
  readonly persists: boolean
  /** Text, because 0 is a number of retries. */
  readonly retries: string
  /** Words after `retry-on`; empty: HAProxy's default, a connection that fails. */
  readonly retryOn: readonly string[]
  /** What was sent already and may not be sent twice stays with its server. */
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
      'http_403 from 2.4, http_429 from 3.1',
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
      'each try has `timeout connect` (5 s) and `timeout server` (60 s)',
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
