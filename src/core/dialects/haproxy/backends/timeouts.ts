import { notFollowed } from '../../../fields.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { formatDuration } from '../../../model/duration.ts'
import type { Timeout } from '../../../model/http-settings.ts'
import { locationsOf, longest, type ServerTimeout } from '../../server-timeouts.ts'
import type { Context } from '../context.ts'
import { timer } from '../durations.ts'
import { locationVariable } from '../frontends/choices.ts'
import { locationName } from '../names.ts'
import { patternsPerLine, type Rule, rule } from '../rules.ts'

/** Directives of a backend; null: the value of `defaults`. */
export interface TimeoutsView {
  readonly connect: string | null
  readonly server: string | null
  readonly queue: string | null
  readonly tunnel: string | null
  /** Of connections that the server has closed in its direction. */
  readonly serverFin: string | null
}

export interface BackendTimeouts {
  readonly view: TimeoutsView
  /** Timeouts of some locations only. */
  readonly rules: readonly Rule[]
}

/** In `defaults`. The queue has that of `connect`; a tunnel those of client and server. */
const defaults = { connect: 5_000, server: 60_000 }

const target = 'HAProxy'

const checked = (timeout: Timeout, context: Context): string =>
  timer(timeout.ms, timeout.path, context)

/** A timeout that HAProxy has for a whole backend. */
const common = (
  upstream: Upstream,
  name: ServerTimeout,
  defaultMs: number,
  context: Context,
): string | null => {
  const locations = locationsOf(context.cluster, upstream).map(({ location }) => location)
  const { ms, shorter } = longest(locations, name, defaultMs)
  for (const { settings } of locations) {
    const value = settings[name]
    if (value !== null) checked(value, context)
  }
  for (const { path } of shorter) {
    const why = `all requests to "${upstream.name}" have one such timeout, the longest one is used`
    const help = 'write an upstream with the same servers for this location'
    notFollowed(context.findings, path, target, why, help)
  }
  return ms === null ? null : formatDuration(ms)
}

/** Whether locations of one upstream have different timeouts, which need `http-request set-timeout`. */
const isPerLocation = (
  upstream: Upstream,
  name: 'readTimeout' | 'tunnelTimeout',
  { cluster, features }: Context,
): boolean =>
  features.setsTimeouts &&
  new Set(locationsOf(cluster, upstream).map(({ location }) => location.settings[name]?.ms)).size >
    1

/** Whether a rule of the backend looks at the location of a request. */
export const looksAtLocation = (upstream: Upstream, context: Context): boolean =>
  isPerLocation(upstream, 'readTimeout', context) ||
  isPerLocation(upstream, 'tunnelTimeout', context)

const rulesOf = (
  upstream: Upstream,
  name: 'readTimeout' | 'tunnelTimeout',
  kind: 'server' | 'tunnel',
  context: Context,
): readonly Rule[] => {
  const locations = new Map<string, string[]>()
  for (const { frontend, location } of locationsOf(context.cluster, upstream)) {
    const timeout = location.settings[name]
    if (timeout === null) continue
    const value = checked(timeout, context)
    const names = locations.get(value) ?? []
    names.push(locationName(frontend.name, location))
    locations.set(value, names)
  }
  return [...locations].flatMap(([timeout, names]) => {
    const rules: Rule[] = []
    for (let at = 0; at < names.length; at += patternsPerLine) {
      const some = names.slice(at, at + patternsPerLine)
      rules.push(
        rule({ setTimeout: { kind, timeout } }, [
          ...['{', `var(${locationVariable})`, '-m', 'str', ...some, '}'],
        ]),
      )
    }
    return rules
  })
}

/** HAProxy has one timeout for both directions. */
const noteSend = (upstream: Upstream, { cluster, findings }: Context): void => {
  for (const { location } of locationsOf(cluster, upstream)) {
    const { sendTimeout, readTimeout } = location.settings
    if (sendTimeout === null || sendTimeout.ms === (readTimeout?.ms ?? defaults.server)) continue
    const why = 'HAProxy has one timeout for requests and answers, that of read'
    notFollowed(findings, sendTimeout.path, target, why, 'set read and send to the same value')
  }
}

export const timeoutsOf = (upstream: Upstream, context: Context): BackendTimeouts => {
  noteSend(upstream, context)
  const once = (name: 'readTimeout' | 'tunnelTimeout', defaultMs: number): string | null =>
    isPerLocation(upstream, name, context) ? null : common(upstream, name, defaultMs, context)
  const some = (name: 'readTimeout' | 'tunnelTimeout', kind: 'server' | 'tunnel') =>
    isPerLocation(upstream, name, context) ? rulesOf(upstream, name, kind, context) : []
  return {
    view: {
      connect: common(upstream, 'connectTimeout', defaults.connect, context),
      server: once('readTimeout', defaults.server),
      queue: common(upstream, 'queueTimeout', defaults.connect, context),
      tunnel: once('tunnelTimeout', defaults.server),
      serverFin: common(upstream, 'closingTimeout', 0, context),
    },
    rules: [...some('readTimeout', 'server'), ...some('tunnelTimeout', 'tunnel')],
  }
}
