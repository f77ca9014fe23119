import type { Resolver } from '../model/resolver.ts'
import type {
  HaproxyTarget,
  HttpdTarget,
  NginxTarget,
  Peer,
  StatsLogin,
  Target,
} from '../model/target.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'

const resolver = (places: Places) =>
  orNull((one: Resolver) =>
    mapped<Resolver>(one, {
      addresses: (addresses) => addresses.map(places.nameServer),
      validMs: kept,
      path: kept,
    }),
  )

export const relocateTarget = (target: Target, places: Places): Target => {
  switch (target.dialect) {
    case 'nginx':
      return mapped<NginxTarget>(target, {
        dialect: kept,
        version: kept,
        flavor: kept,
        modules: kept,
        loadModules: kept,
        // A lab runs what the spec says: the existing file listens on addresses of its own.
        base: () => null,
        standalone: kept,
        unpatched: kept,
        resolver: resolver(places),
        path: kept,
      })
    case 'haproxy':
      return mapped<HaproxyTarget>(target, {
        dialect: kept,
        version: kept,
        base: () => null,
        maxConnections: kept,
        peers: (peers) =>
          peers.map((one) => mapped<Peer>(one, { name: kept, address: places.peer })),
        localPeer: kept,
        stats: orNull((login: StatsLogin) =>
          mapped<StatsLogin>(login, {
            user: kept,
            password: orNull(places.storePassword),
            hash: kept,
            path: kept,
          }),
        ),
        resolver: resolver(places),
        path: kept,
      })
    case 'httpd':
      return mapped<HttpdTarget>(target, {
        dialect: kept,
        version: kept,
        base: () => null,
        path: kept,
      })
  }
}
