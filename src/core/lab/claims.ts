import { hasSessions } from '../model/app.ts'
import { isKeptElsewhere } from '../session-keeping.ts'
import { claimsOf } from '../traffic/expectations.ts'
import { untestableWithOneAddress } from '../traffic/loopback.ts'
import type { Scenario, ScenarioName, Size } from '../traffic/scenario.ts'
import type { LabPlan } from './plan.ts'

type Claimed = Pick<LabPlan, 'upstream' | 'entryPoints' | 'upgrade'>

/** Whether the spec claims that a scenario succeeds. */
export const isClaimed = (
  name: ScenarioName,
  { upstream, entryPoints, upgrade }: Claimed,
): boolean => {
  switch (name) {
    case 'sites':
      return entryPoints.every((entry) => claimsOf(entry.upstream).includes('sticky'))
    case 'upgrade':
      return upgrade.isForwarded && claimsOf(upstream).includes('sticky')
    case 'kill':
    case 'back':
    case 'rolling':
      return isKeptElsewhere(upstream)
    default:
      return claimsOf(upstream).includes(name)
  }
}

/** A lab uses 127.0.0.1 only if this host has no other address of 127/8. */
export const hasManyClientAddresses = (host: string): boolean => host !== '127.0.0.1'

/** Why a scenario cannot be tested with the client addresses of this host; null: it can. */
export const untestableReason = (
  scenario: Scenario,
  size: Size,
  { host, upstream }: Pick<LabPlan, 'host' | 'upstream'>,
): string | null =>
  hasManyClientAddresses(host) ? null : untestableWithOneAddress(scenario, size, upstream)

/** Why the connections of an application of the lab cannot be upgraded; null: they can. */
const reasonAgainstUpgrade = ({ upstream, servers, upgrade }: LabPlan, isNamed: boolean) => {
  const fixed = servers.find(({ isUpgradable }) => isUpgradable !== true)
  if (fixed !== undefined)
    return `the application of the lab for ${fixed.title} does not upgrade connections`
  return upgrade.isForwarded || isNamed
    ? null
    : `no location of "${upstream.name}" has "websocket: true"; name the scenario to run it`
}

/**
 * Why a scenario does not apply to the cluster; null: it does.
 * @param isNamed whether the user named the scenario.
 */
export const reasonToSkip = (
  scenario: Scenario,
  size: Size,
  plan: LabPlan,
  isNamed: boolean,
): string | null => {
  const { name, events } = scenario
  if (scenario.usesAllEntryPoints === true && plan.entryPoints.length < 2)
    return 'the spec has one frontend and one upstream'
  const { upstream, stores, servers } = plan
  const hidden = untestableReason(scenario, size, plan)
  if (hidden !== null) return hidden
  const [first] = upstream.servers
  if (!hasSessions(upstream.app) && name !== 'spread') return 'the application has no sessions'
  if (events.includes('restart-store') && stores.length === 0)
    return 'the spec has no session store'
  if (events.includes('drain-server')) {
    const drained = plan.drained(first?.name ?? '')
    if (typeof drained === 'string') return drained
  }
  if (name === 'upgrade') return reasonAgainstUpgrade(plan, isNamed)
  const isStandIn = servers.some((server) => server.isStandIn)
  if (name === 'url' && ['php', 'django', 'spring'].includes(upstream.app.runtime) && !isStandIn)
    return 'the application has session ids in cookies only'
  return events.length > 0 && upstream.servers.length < 2 ? 'the upstream has one server' : null
}
