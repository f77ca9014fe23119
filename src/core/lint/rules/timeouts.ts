import { atValue } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import type { Location, Upstream } from '../../model/cluster.ts'
import { formatDuration } from '../../model/duration.ts'
import { serverTimeouts } from '../../model/http-settings.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

const isProxied = ({ action }: Location): boolean => action.kind === 'proxy'

/** Settings of the servers. */
const serverSettings = [
  ...serverTimeouts,
  'requestBuffering',
  'responseBuffering',
  'headerBuffer',
] as const

/** Settings of the servers where no request is sent to a server. */
export const timeoutsWithoutServers: Rule = ({ frontends }, findings) => {
  for (const { settings, locations } of frontends) {
    if (!locations.some(isProxied))
      for (const name of serverSettings) {
        const timeout = settings[name]
        if (timeout === null) continue
        withoutEffect(findings, timeout.path, null, 'no location of this frontend is proxied')
      }
    for (const location of locations.filter((each) => !isProxied(each)))
      for (const name of serverSettings) {
        const timeout = location.settings[name]
        if (timeout === null || timeout === settings[name]) continue
        withoutEffect(findings, timeout.path, null, 'this location is not proxied')
      }
  }
}

/** nginx's own defaults. */
const standardFails = 1
const standardFailTimeoutMs = 10_000

/** What nginx makes of an answer that takes too long; null: no session moves. */
const consequenceOf = ({ affinity, nextUpstream, servers }: Upstream): string | null => {
  const counting = servers.find(
    ({ maxFails, failTimeoutMs }) => maxFails !== 0 && failTimeoutMs !== 0,
  )
  if (affinity.method === 'none' || servers.length < 2 || counting === undefined) return null
  const isResent = nextUpstream === null || nextUpstream.on.includes('timeout')
  const fails = counting.maxFails ?? standardFails
  const pause = formatDuration(counting.failTimeoutMs ?? standardFailTimeoutMs)
  const sessions = affinity.onFailure === 'strict' ? 'get errors' : 'move to other servers'
  return [
    ...(isResent ? ['sends the request to the next server again (POST is sent once)'] : []),
    `counts a failure: after ${fails} in ${pause}, server "${counting.name}" gets no requests for ${pause} and its sessions ${sessions}`,
  ].join(' and ')
}

/** A read timeout of nginx counts as a failure of the server, whatever `nextUpstream` says. */
export const slowAnswers: Rule = ({ frontends, targets }, findings) => {
  if (targets.every(({ dialect }) => dialect !== 'nginx')) return
  for (const { action, settings } of frontends.flatMap(({ locations }) => locations)) {
    const { readTimeout } = settings
    if (action.kind !== 'proxy' || readTimeout === null) continue
    const consequence = consequenceOf(action.upstream)
    if (consequence === null) continue
    report(
      findings,
      'slow-answer-moves-sessions',
      atValue(readTimeout.path),
      `if "${action.upstream.name}" does not answer within ${formatDuration(readTimeout.ms)}, nginx ${consequence}`,
      'set read above the time of the slowest answer, or maxFails: 0 on the servers',
    )
  }
}
