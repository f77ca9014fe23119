import type { Cluster, Frontend, Location } from '../../model/cluster.ts'
import type { Limit, Limits } from '../../model/http-settings.ts'
import { limitsOf, usedLimits } from '../../model/limits.ts'
import type { MapView } from './affinity/implementation.ts'
import { cookieVariable } from './affinity/route-maps.ts'
import type { Names } from './names.ts'

/** A zone with the counters of clients. */
interface ZoneView {
  readonly key: string
  readonly name: string
  /** Of limit_req_zone; null: limit_conn_zone. */
  readonly rate: string | null
}

/** Directives of a `server` or `location` block. */
export interface LimitsView {
  readonly status: number
  /** `burst` is null where nginx has no such parameter: for no request. */
  readonly requests: readonly { readonly zone: string; readonly burst: number | null }[]
  readonly connections: readonly { readonly zone: string; readonly most: number }[]
}

export interface LimitViews {
  readonly maps: readonly MapView[]
  readonly zones: readonly ZoneView[]
  /** null: each location has its own directives, or none. */
  readonly ofServer: (frontend: Frontend) => LimitsView | null
  readonly ofLocation: (frontend: Frontend, location: Location) => LimitsView | null
}

/** The session cookie, else the address. The blank keeps cookies apart from addresses. */
const sessionKey = (cookie: string, names: Names): { key: string; maps: readonly MapView[] } => {
  const session = cookieVariable(cookie, `limited_session_${cookie}`, names)
  const variable = names.variable(`limited_address_${cookie}`)
  const entries = [
    { key: 'default', value: '' },
    { key: '', value: '$remote_addr' },
  ]
  return {
    key: `${variable} ${session.variable}`,
    maps: [...session.maps, { source: session.variable, variable, entries }],
  }
}

const rateOf = ({ requests }: Limit): string | null =>
  requests === null ? null : `${requests.count}r/${requests.periodMs === 1000 ? 's' : 'm'}`

/**
 * Locations inherit the directives of their server, and cannot do without them: they are in the server block
 * only if all its requests have the same counters.
 */
const isCommon = (frontend: Frontend): boolean =>
  frontend.locations.every(({ settings }) => settings.limits?.owner === frontend.name)

export const limitViews = (cluster: Cluster, names: Names): LimitViews => {
  const maps: MapView[] = []
  const zones: ZoneView[] = []
  const views = new Map<string, LimitsView>()
  const keys = new Map<string, string>()
  const keyOf = (cookie: string): string => {
    const known = keys.get(cookie)
    if (known !== undefined) return known
    const { key, maps: added } = sessionKey(cookie, names)
    maps.push(...added)
    keys.set(cookie, key)
    return key
  }
  const zoneFor = (key: string, name: string, rate: string | null): string => {
    const zone = names.upstream(`${cluster.name}-${name.replaceAll(':', '-')}`)
    zones.push({ key, name: zone, rate })
    return zone
  }
  for (const { owner, perAddress, perSession, status } of usedLimits(cluster.frontends)) {
    const requests: LimitsView['requests'][number][] = []
    const connections: LimitsView['connections'][number][] = []
    const add = (limit: Limit, key: string, name: string): void => {
      if (limit.requests !== null)
        requests.push({
          zone: zoneFor(key, `${name}-requests`, rateOf(limit)),
          burst: limit.requests.burst === 0 ? null : limit.requests.burst,
        })
      if (limit.connections !== null)
        connections.push({
          zone: zoneFor(key, `${name}-connections`, null),
          most: limit.connections,
        })
    }
    if (perAddress !== null) add(perAddress, '$binary_remote_addr', `${owner}-address`)
    if (perSession !== null) add(perSession, keyOf(perSession.cookie), `${owner}-session`)
    views.set(owner, { status, requests, connections })
  }
  const viewOf = (limits: Limits | null): LimitsView | null =>
    limits === null ? null : (views.get(limits.owner) ?? null)
  return {
    maps,
    zones,
    ofServer: (frontend) => {
      return isCommon(frontend) ? viewOf(frontend.settings.limits) : null
    },
    ofLocation: (frontend, location) => (isCommon(frontend) ? null : viewOf(limitsOf(location))),
  }
}
