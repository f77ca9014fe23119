import type { Cluster, Frontend, Location, Upstream } from '../model/cluster.ts'
import { speaksHttp } from '../model/protocol.ts'

/**
 * Clear-text HTTP/2 in an upgraded connection would bypass the locations: the proxy does not see its
 * requests. No browser asks for it.
 */
export const refusedUpgrade = 'h2c'

/** Whether a location forwards upgrades to an application. */
export const forwardsUpgrades = ({ action, settings }: Location): boolean =>
  action.kind === 'proxy' && settings.websocket === true && speaksHttp(action.upstream)

export const hasUpgrades = ({ locations }: Frontend): boolean => locations.some(forwardsUpgrades)

/** The upstreams of these locations. */
export const upgradedUpstreams = ({ frontends }: Cluster): ReadonlySet<Upstream> =>
  new Set(
    frontends
      .flatMap(({ locations }) => locations.filter(forwardsUpgrades))
      .flatMap(({ action }) => ('upstream' in action ? [action.upstream] : [])),
  )
