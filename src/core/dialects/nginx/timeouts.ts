import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed, withoutEffect } from '../../fields.ts'
import type { Frontend } from '../../model/cluster.ts'
import type { HttpSettings, Timeout } from '../../model/http-settings.ts'
import { duration } from './durations.ts'
import type { Features } from './features.ts'

export interface TimeoutsView {
  readonly connect: string | null
  readonly read: string | null
  readonly send: string | null
  /** Of request bodies. */
  readonly client: string | null
  /** `send_timeout` */
  readonly answer: string | null
  readonly headers: string | null
  readonly keepalive: string | null
}

const written = (timeout: Timeout | null): string | null =>
  timeout === null ? null : duration(timeout.ms)

/**
 * @param isProxied whether a request can be sent to a server.
 * @param level of the block: when nginx selects a location, it has read the headers.
 */
export const timeoutsView = (
  settings: HttpSettings,
  isProxied: boolean,
  level: 'server' | 'location',
): TimeoutsView => ({
  connect: isProxied ? written(settings.connectTimeout) : null,
  read: isProxied ? written(settings.readTimeout) : null,
  send: isProxied ? written(settings.sendTimeout) : null,
  client: written(settings.clientTimeout),
  answer: level === 'server' ? written(settings.clientTimeout) : null,
  headers: level === 'server' ? written(settings.headersTimeout ?? settings.clientTimeout) : null,
  keepalive: written(settings.keepaliveTimeout),
})

/** proxy_read_timeout, unless the spec sets it. */
const standardReadMs = 60_000

const closesBoth = 'nginx closes both sides of an upgraded connection together'

/** Reports timeouts that nginx does not have. */
export const checkTimeouts = (
  { settings: ofFrontend, locations }: Frontend,
  { label }: Features,
  findings: Findings,
): void => {
  const proxied = locations.filter(({ action }) => action.kind === 'proxy')
  if (proxied.length === 0) return
  const all = new Set([ofFrontend, ...proxied.map(({ settings }) => settings)])
  for (const { closingTimeout, queueTimeout, readTimeout, tunnelTimeout } of all) {
    if (closingTimeout !== null) withoutEffect(findings, closingTimeout.path, label, closesBoth)
    if (queueTimeout !== null)
      withoutEffect(findings, queueTimeout.path, label, 'nginx does not queue requests')
    if (tunnelTimeout === null || tunnelTimeout.ms === (readTimeout?.ms ?? standardReadMs)) continue
    notFollowed(
      findings,
      tunnelTimeout.path,
      label,
      'nginx closes an idle upgraded connection after the read timeout',
      'set read and tunnel to the same value in the location of the upgraded connections',
    )
  }
}
