import { hasSessions } from '../model/app.ts'
import type { Upstream } from '../model/cluster.ts'
import { claimsOf } from '../traffic/expectations.ts'
import { hiddenByOneAddress } from '../traffic/loopback.ts'
import type { Scenario, ScenarioName, Size } from '../traffic/scenario.ts'
import type { LabPlan } from './plan.ts'

/** Whether sessions are kept where another server finds them. */
export const isKeptElsewhere = ({ app }: Upstream): boolean => {
  if (app.runtime === 'none') return false
  const { sessions } = app
  switch (sessions.store) {
    case 'none':
    case 'local':
    case 'files':
      return false
    case 'file':
      return app.runtime === 'django' || ('isShared' in sessions && sessions.isShared)
    case 'jdbc':
      return sessions.isShared
    default:
      return true
  }
}

type Claimed = Pick<LabPlan, 'upstream' | 'ways'>

/** What a spec promises of a scenario; everything else is only told. */
export const isClaimed = (name: ScenarioName, { upstream, ways }: Claimed): boolean =>
  name === 'sites'
    ? ways.every((way) => claimsOf(way.upstream).includes('sticky'))
    : name === 'kill' || name === 'back' || name === 'rolling'
      ? isKeptElsewhere(upstream)
      : claimsOf(upstream).includes(name)

/** A lab has 127.0.0.1 only where this host has no more of 127/8. */
export const hasManyClientAddresses = (host: string): boolean => host !== '127.0.0.1'

/** Why a scenario shows nothing with the client addresses that there are; null: it shows what it should. */
export const hiddenByAddresses = (
  scenario: Scenario,
  size: Size,
  { host, upstream }: Pick<LabPlan, 'host' | 'upstream'>,
): string | null =>
  hasManyClientAddresses(host) ? null : hiddenByOneAddress(scenario, size, upstream)

/** Why a scenario has no meaning here; null when it has one. */
export const reasonToSkip = (scenario: Scenario, size: Size, plan: LabPlan): string | null => {
  const { name, events, entrances } = scenario
  if (entrances === 'all' && plan.ways.length < 2) return 'there is one frontend and one upstream'
  const { upstream, stores, servers } = plan
  const hidden = hiddenByAddresses(scenario, size, plan)
  if (hidden !== null) return hidden
  const [first] = upstream.servers
  if (!hasSessions(upstream.app) && name !== 'spread') return 'the application has no sessions'
  if (events.includes('restart-store') && stores.length === 0)
    return 'sessions are in no store of their own'
  if (events.includes('drain-server')) {
    const drained = plan.drained(first?.name ?? '')
    if (typeof drained === 'string') return drained
  }
  const isStandIn = servers.some((server) => server.isStandIn)
  if (name === 'url' && ['php', 'django', 'spring'].includes(upstream.app.runtime) && !isStandIn)
    return 'its session ids are in cookies only'
  return events.length > 0 && upstream.servers.length < 2 ? 'there is one server only' : null
}
