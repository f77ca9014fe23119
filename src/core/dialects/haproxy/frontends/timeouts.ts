import { notFollowed } from '../../../fields.ts'
import { formatDuration } from '../../../model/duration.ts'
import type { Timeout } from '../../../model/http-settings.ts'
import type { Site } from '../../sites.ts'
import type { Context } from '../context.ts'
import { timer } from '../durations.ts'

/** Timeouts of clients; null: the value of `defaults`. */
export interface ClientTimeoutsView {
  readonly client: string | null
  /** Until the headers of a request are complete. */
  readonly httpRequest: string | null
  readonly keepAlive: string | null
  /** Of connections that the client has closed in its direction. */
  readonly clientFin: string | null
}

/** In `defaults`. HAProxy keeps idle connections of clients as long as it waits for headers. */
const defaults = { client: 60_000, headers: 10_000 }

const longestOf = (
  timeouts: readonly (Timeout | null)[],
  defaultMs: number,
  context: Context,
): Timeout | null => {
  const ms = Math.max(...timeouts.map((timeout) => timeout?.ms ?? defaultMs))
  for (const timeout of timeouts) {
    if (timeout === null) continue
    timer(timeout.ms, timeout.path, context)
    if (timeout.ms < ms)
      notFollowed(
        context.findings,
        timeout.path,
        'HAProxy',
        'an address has one such timeout, the longest one of its frontends and locations is used',
        'write the same timeout for all of them, or use another address',
      )
  }
  return timeouts.find((timeout) => timeout?.ms === ms) ?? null
}

export const clientTimeoutsOf = ({ frontends }: Site, context: Context): ClientTimeoutsView => {
  const all = frontends.map(({ settings }) => settings)
  const withBodies = [
    ...all,
    ...frontends.flatMap(({ locations }) => locations.map(({ settings }) => settings)),
  ]
  const client = longestOf(
    withBodies.map(({ clientTimeout }) => clientTimeout),
    defaults.client,
    context,
  )
  const keepalive = longestOf(
    all.map(({ keepaliveTimeout }) => keepaliveTimeout),
    defaults.headers,
    context,
  )
  const headers = longestOf(
    all.map(({ headersTimeout, clientTimeout }) => headersTimeout ?? clientTimeout),
    defaults.headers,
    context,
  )
  const closing = longestOf(
    all.map(({ closingTimeout }) => closingTimeout),
    0,
    context,
  )
  if (closing !== null && !context.features.endsHalfClosed)
    notFollowed(
      context.findings,
      closing.path,
      `HAProxy ${context.version.text}`,
      'it keeps an upgraded connection until the server closes it, too',
    )
  return {
    client: client === null ? null : formatDuration(client.ms),
    httpRequest: headers === null ? null : formatDuration(headers.ms),
    keepAlive: keepalive === null ? null : formatDuration(keepalive.ms),
    clientFin: closing === null ? null : formatDuration(closing.ms),
  }
}
