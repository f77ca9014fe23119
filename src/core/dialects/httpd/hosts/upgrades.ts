import { notFollowed } from '../../../fields.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import type { Version } from '../../../model/version.ts'
import { forwardsUpgrades } from '../../upgrades.ts'
import type { Context } from '../context.ts'

/** `upgrade=ANY` is a parameter of a server: other locations of its upstream remove the header. */
export const refusesUpgrades = (location: Location, { upgraded }: Context): boolean =>
  location.action.kind === 'proxy' &&
  upgraded.has(location.action.upstream) &&
  !forwardsUpgrades(location)

/** `upgrade` of mod_proxy_http; "2.4" alone is the newest release. */
const oldestPatch = 47

export const supportsUpgrades = ({ parts, text }: Version): boolean =>
  text === '2.4' || parts[2] >= oldestPatch

export const checkUpgrades = (
  { locations, path, settings }: Frontend,
  { findings, version }: Context,
): void => {
  if (supportsUpgrades(version)) return
  const upgraded = locations.find(forwardsUpgrades)
  if (upgraded === undefined) return
  const at = settings.websocket === true ? path : upgraded.path
  notFollowed(
    findings,
    [...at, 'websocket'],
    `httpd ${version.text}`,
    'mod_proxy_http forwards no upgrades in this release',
    `use httpd 2.4.${oldestPatch} or later`,
  )
}
