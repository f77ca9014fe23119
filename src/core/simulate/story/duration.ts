import { sessionLifetime } from '../../session-keeping.ts'
import type { Simulated } from '../upstream/simulated.ts'
import type { StoryEvent } from './event.ts'

/** For how long an event has consequences. */
export interface Lasting {
  /** null: not a number of seconds. */
  readonly seconds: number | null
  /** One sentence without a full stop. */
  readonly text: string
}

const standardCheck = { intervalMs: 2000, fall: 3 } as const

/** Whether something besides requests finds out that a server is dead. */
export const checksHealth = ({ proxy, upstream: { check, servers } }: Simulated): boolean => {
  if (proxy === 'nginx') return false
  return check !== null || (proxy === 'haproxy' && servers.some(({ maxFails }) => maxFails !== 0))
}

const retryOf = ({ servers }: Simulated, name: string): number =>
  servers.find((server) => server.name === name)?.failTimeout ?? 0

const afterDeath = (simulated: Simulated, server: string): Lasting => {
  if (checksHealth(simulated)) {
    const { intervalMs, fall } = simulated.upstream.check ?? standardCheck
    const seconds = (intervalMs * fall) / 1000
    return {
      seconds,
      text: `health checks notice it after ${seconds} s; until then requests are sent to it first`,
    }
  }
  const seconds = retryOf(simulated, server)
  return {
    seconds: null,
    text: `until the server returns: every ${seconds} s a request is sent to it first`,
  }
}

const minutes = (ms: number): string => {
  if (ms < 60_000) return `${ms / 1000} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

/** Sessions of a drained server end on it. */
const untilSessionsEnd = ({ upstream }: Simulated): Lasting => {
  const ms = sessionLifetime(upstream)
  return ms === null
    ? { seconds: null, text: 'until the last of its sessions has ended' }
    : {
        seconds: ms / 1000,
        text: `until the last of its sessions has ended, ${minutes(ms)} after its last request`,
      }
}

export const lastingOf = (event: StoryEvent, simulated: Simulated): Lasting => {
  switch (event.kind) {
    case 'dies':
      return afterDeath(simulated, event.server)
    case 'drain':
      return untilSessionsEnd(simulated)
    default:
      return { seconds: 0, text: 'at once' }
  }
}
