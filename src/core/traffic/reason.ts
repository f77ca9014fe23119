import type { FigureName, Figures } from './figures/figures.ts'
import { eventOnSessions } from './figures/shares.ts'
import type { ScenarioRun } from './scenario.ts'

/** Rounded down: 99.97% is not 100%. */
export const formatShare = (share: number): string => {
  const tenths = Math.floor(share * 1000 + 1e-9) / 10
  return `${Number.isInteger(tenths) ? tenths : tenths.toFixed(1)}%`
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const spreadOf = ({ servers }: Figures): string => {
  const used = servers.filter(({ clients }) => clients > 0)
  const clients = used.reduce((sum, one) => sum + one.clients, 0)
  const [only] = used
  if (used.length === 1 && only !== undefined)
    return `${clients === 1 ? 'the one client' : `all ${clients} clients`} went to ${only.name}`
  const each = used.map((one) => `${one.name} ${one.clients}`)
  return `clients: ${each.slice(0, 8).join(', ')}${each.length > 8 ? ', …' : ''}`
}

const endingsOf = ({ endings }: Figures): string =>
  endings
    .filter(({ code }) => !/^[1-4]\d\d$/.test(code) || code === '429')
    .map(({ code, count }) => `${code}: ${count}`)
    .join(', ')

const eventServer = ({ clusterEvents }: ScenarioRun): string =>
  clusterEvents.at(-1)?.server ?? 'the server'

const fewRoutes = 8

const routesOf = ({ unknownRoutes }: Figures): string => {
  const written = unknownRoutes.filter((word) => word !== '')
  // Many values are parts of session ids, which are not printed.
  if (written.length > fewRoutes)
    return `${written.length} different values are in the place of the route of sessions`
  if (written.length > 0)
    return `sessions have the route${written.length === 1 ? '' : 's'} ${written.join(', ')}, which no server of the spec has`
  return 'sessions have no route'
}

const upgradedOf = ({ upgrades }: Figures): string => {
  const { requested = 0, upgraded = 0, refusals = [] } = upgrades ?? {}
  if (upgraded === requested) return 'every connection was upgraded'
  const number = upgraded === 0 ? 'no connection was' : `only ${upgraded} of ${requested} were`
  return `${number} upgraded (${refusals.join(', ')})`
}

const closedOf = (figures: Figures): string => {
  const { idle = 0, open = 0, closedMs = null } = figures.upgrades ?? {}
  if (idle === open) return upgradedOf(figures)
  const after = closedMs === null ? '' : ` (the first one after ${(closedMs / 1000).toFixed(1)} s)`
  return `${idle - open} of ${plural(idle, 'idle connection')} did not stay open${after}`
}

type Measured = (share: number, figures: Figures, seen: ScenarioRun) => string

const sentences: Readonly<Record<FigureName, Measured>> = {
  sticky: (share) =>
    share === 1
      ? 'every request went to the server of the previous request'
      : share === 0
        ? 'no request went to the server of the previous request'
        : `only ${formatShare(share)} of the requests went to the server of the previous request`,
  even: (share, figures) => `${spreadOf(figures)} (${formatShare(share)} even)`,
  kept: (share, _, run) => {
    const server = eventOnSessions(run)?.server ?? null
    const sessions = `session${share === 0 ? '' : 's'}${server === null ? '' : ` of ${server}`}`
    if (share === 1) return 'no session was lost'
    return share === 0
      ? `every ${sessions} was lost`
      : `${formatShare(1 - share)} of the ${sessions} were lost`
  },
  answered: (_, figures) =>
    figures.failed === 0
      ? 'no request failed'
      : `${figures.failed} of ${plural(figures.requests, 'request')} failed (${endingsOf(figures)})`,
  avoided: (share, _, seen) =>
    share === 1
      ? `no new client was sent to ${eventServer(seen)}`
      : `${formatShare(1 - share)} of the new clients were sent to ${eventServer(seen)}`,
  rejoined: (share, _, seen) =>
    share === 1
      ? `${eventServer(seen)} has clients again`
      : `no new client was sent to ${eventServer(seen)}`,
  counted: (share) =>
    share === 1
      ? 'no update of a session was overwritten'
      : `${formatShare(1 - share)} of the updates of a session were overwritten`,
  routed: (share, figures) =>
    share === 1 ? 'every session has the route of a server' : routesOf(figures),
  upgraded: (_, figures) => upgradedOf(figures),
  open: (share, figures) => (share === 1 ? 'every connection stayed open' : closedOf(figures)),
  separate: (share) =>
    share === 1
      ? 'no two clients shared a session'
      : `${formatShare(1 - share)} of the clients shared a session with another client`,
}

const cannotTell = (figure: FigureName, figures: Figures): string => {
  if (figures.requests === 0) return 'no request was sent'
  if (figures.failed === figures.requests) return `no request was answered (${endingsOf(figures)})`
  if (figure === 'kept') return 'no response shows whether the session is still known'
  if (figure === 'counted') return 'no response has the request count of its session'
  const [seen] = figures.servers.filter(({ requests }) => requests > 0)
  if (seen === undefined) return 'no response identifies its server'
  if (figure === 'even') return `only ${seen.name} was seen, and the number of servers is unknown`
  return figure === 'sticky'
    ? 'no client had two responses that identify their server'
    : 'no response shows it'
}

/** The meaning of a figure, in one sentence without a full stop. */
export const reasonOf = (figure: FigureName, figures: Figures, seen: ScenarioRun): string => {
  const { [figure]: share } = figures.shares
  return share === null ? cannotTell(figure, figures) : sentences[figure](share, figures, seen)
}
