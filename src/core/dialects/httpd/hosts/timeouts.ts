import { notFollowed, withoutEffect } from '../../../fields.ts'
import type { Frontend } from '../../../model/cluster.ts'
import type { HttpSettings, Timeout } from '../../../model/http-settings.ts'
import { longest } from '../../server-timeouts.ts'
import type { Context } from '../context.ts'
import { secondsOf } from '../values.ts'

/** Seconds; null: not set. */
export interface TimeoutsView {
  readonly client: number | null
  /** Until the headers of a request are complete. */
  readonly headers: number | null
  readonly keepAlive: number | null
  readonly proxy: number | null
}

/** `Timeout`, unless the main configuration sets it. ProxyTimeout defaults to the same value. */
const standardMs = 60_000

const target = 'httpd'

const sharedByLocations =
  'a virtual host has one such timeout, the longest one of its locations is used'
const otherHost = 'write a frontend with another host name for this location'

const secondsOrNull = (timeout: Timeout | null, context: Context): number | null =>
  timeout === null ? null : secondsOf(timeout.ms, timeout.path, context)

/** Reports timeouts that httpd has only together with others. */
const noteSharedTimeouts = (
  { readTimeout, sendTimeout, tunnelTimeout }: HttpSettings,
  clientMs: number,
  { findings }: Context,
): void => {
  const readMs = readTimeout?.ms ?? standardMs
  if (sendTimeout !== null && sendTimeout.ms !== readMs) {
    const why = 'httpd has one timeout for requests and answers, that of read'
    notFollowed(findings, sendTimeout.path, target, why, 'set both to the same value')
  }
  // mod_proxy_http: ap_proxy_tunnel_create takes the longer one of the timeouts of its two connections.
  const tunnelMs = Math.max(readMs, clientMs)
  if (tunnelTimeout !== null && tunnelTimeout.ms !== tunnelMs) {
    const why =
      'httpd closes an idle upgraded connection after the longer one of the timeouts client and read'
    const names = tunnelTimeout.ms > tunnelMs ? 'read' : 'read and client'
    notFollowed(findings, tunnelTimeout.path, target, why, `set ${names} to the same value`)
  }
}

/** That of request bodies: the longest one of the virtual host and its locations. */
const longestBody = ({ locations, settings }: Frontend, { findings }: Context): Timeout | null => {
  const values = [settings, ...locations.map((each) => each.settings)].map(
    ({ clientTimeout }) => clientTimeout,
  )
  const ms = Math.max(...values.map((value) => value?.ms ?? standardMs))
  for (const value of values)
    if (value !== null && value.ms < ms)
      notFollowed(findings, value.path, target, sharedByLocations, otherHost)
  return values.find((value) => value?.ms === ms) ?? null
}

/** `Timeout`, `KeepAliveTimeout` and `ProxyTimeout` of a virtual host: a section for a location has none. */
export const timeoutsOf = (frontend: Frontend, context: Context): TimeoutsView => {
  const { clientTimeout, closingTimeout, headersTimeout, keepaliveTimeout } = frontend.settings
  const body = longestBody(frontend, context)
  const proxied = frontend.locations.filter(({ action }) => action.kind === 'proxy')
  for (const { settings } of proxied) noteSharedTimeouts(settings, body?.ms ?? standardMs, context)
  const read = longest(proxied, 'readTimeout', standardMs)
  for (const { path } of read.shorter)
    notFollowed(context.findings, path, target, sharedByLocations, otherHost)
  if (closingTimeout !== null)
    withoutEffect(context.findings, closingTimeout.path, target, 'it has that of read')
  const client = secondsOrNull(body, context)
  const headers = secondsOrNull(headersTimeout ?? clientTimeout, context)
  if (client !== null || headers !== null) context.modules.add('reqtimeout')
  // Without ProxyTimeout, Timeout would be used for servers, too.
  const standard = client === null || proxied.length === 0 ? null : standardMs / 1000
  return {
    client,
    headers,
    keepAlive: secondsOrNull(keepaliveTimeout, context),
    proxy:
      read.ms === null ? standard : secondsOf(read.ms, [...frontend.path, 'timeouts'], context),
  }
}
