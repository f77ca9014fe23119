import type { Cluster, Frontend, Location } from '../../model/cluster.ts'
import { forwardsUpgrades, hasUpgrades, refusedUpgrade } from '../upgrades.ts'
import type { MapView } from './affinity/implementation.ts'
import type { HeaderView } from './forwarded-headers.ts'
import type { Names } from './names.ts'

/** The headers that describe the connection to the application. */
export interface ConnectionHeaders {
  readonly maps: readonly MapView[]
  /** @param isKeepalive connections are kept after a request that upgrades nothing. */
  readonly of: (isUpgraded: boolean, isKeepalive: boolean) => readonly HeaderView[]
}

export const connectionHeaders = (cluster: Cluster, names: Names): ConnectionHeaders => {
  const isNeeded = cluster.frontends.some(hasUpgrades)
  const upgrade = isNeeded ? names.variable('forwarded_upgrade') : ''
  const kept = isNeeded ? names.variable('connection_or_keepalive') : ''
  const closed = isNeeded ? names.variable('connection_or_close') : ''
  const connectionMap = (variable: string, otherwise: string): MapView => ({
    source: upgrade,
    variable,
    entries: [
      { key: 'default', value: 'upgrade' },
      { key: '', value: otherwise },
    ],
  })
  const protocolMap: MapView = {
    source: '$http_upgrade',
    variable: upgrade,
    entries: [
      { key: 'default', value: '$http_upgrade' },
      { key: `~*${refusedUpgrade}`, value: '' },
    ],
  }
  return {
    maps: isNeeded ? [protocolMap, connectionMap(kept, ''), connectionMap(closed, 'close')] : [],
    of: (isUpgraded, isKeepalive) => {
      if (!isUpgraded) return isKeepalive ? [{ name: 'Connection', value: '' }] : []
      return [
        { name: 'Upgrade', value: upgrade },
        { name: 'Connection', value: isKeepalive ? kept : closed },
      ]
    },
  }
}

/** Whether a location needs its own headers: those of its server do not have the same connection. */
export const hasOwnConnection = (frontend: Frontend, location: Location): boolean =>
  location.action.kind === 'proxy' &&
  forwardsUpgrades(location) !== (frontend.settings.websocket === true)
