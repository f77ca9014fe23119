import type { ListingRule, Rule } from '../rule.ts'
import { affinityCookieClash } from './affinity-cookie-clash.ts'
import { affinityCookieDropped } from './affinity-cookie-dropped.ts'
import { affinityKey } from './affinity-key.ts'
import { allowEveryone } from './allow-everyone.ts'
import { backupSameHost } from './backup-same-host.ts'
import { backupWithAffinity } from './backup-with-affinity.ts'
import { cookieNameMismatch } from './cookie-name-mismatch.ts'
import { cookieScope } from './cookie-scope.ts'
import { cookiesShared } from './cookies-shared.ts'
import { deltaManyServers } from './delta-many-servers.ts'
import { fieldsOfOtherTargets } from './fields-of-other-targets.ts'
import { fileStorePlace } from './file-store-place.ts'
import { headerVariable } from './header-variable.ts'
import { ipHashSharedAddress } from './ip-hash-shared-address.ts'
import { ipHashThreeOctets } from './ip-hash-three-octets.ts'
import { jdbcDriverMismatch } from './jdbc-driver-mismatch.ts'
import { localRemapped } from './local-remapped.ts'
import { localSingleCopy } from './local-single-copy.ts'
import { localWithoutAffinity } from './local-without-affinity.ts'
import { locationWithoutContext } from './location-without-context.ts'
import { memcachedNonsticky } from './memcached-nonsticky.ts'
import { memcachedRedis } from './memcached-redis.ts'
import { memcachedSticky } from './memcached-sticky.ts'
import { multicast } from './multicast.ts'
import { namesAsPaths } from './names-as-paths.ts'
import { needs } from './needs.ts'
import { redisAddresses } from './redis-addresses.ts'
import { redissonModes } from './redisson-modes.ts'
import { replicationWithoutAffinity } from './replication-without-affinity.ts'
import { routeAtTheWrongEnd } from './route-at-the-wrong-end.ts'
import { routeFromSessionCookie } from './route-from-session-cookie.ts'
import { routeWithoutSuffix } from './route-without-suffix.ts'
import { serverHostName } from './server-host-name.ts'
import { serverNames } from './server-names.ts'
import { serverNotHttp } from './server-not-http.ts'
import { storeEviction } from './store-eviction.ts'
import { storeLastWriter } from './store-last-writer.ts'
import { storeNotShared } from './store-not-shared.ts'
import { storeRouteStays } from './store-route-stays.ts'
import { storeSharedKeys } from './store-shared-keys.ts'
import { trustEveryone } from './trust-everyone.ts'
import { unusedParts } from './unused-parts.ts'
import { urlNameMismatch } from './url-name-mismatch.ts'

/** Rules over the cluster, whatever the target; each has a bad and a good fixture. */
const listing: readonly ListingRule[] = [
  affinityCookieClash,
  affinityCookieDropped,
  affinityKey,
  allowEveryone,
  namesAsPaths,
  backupSameHost,
  cookiesShared,
  cookieScope,
  locationWithoutContext,
  backupWithAffinity,
  serverNotHttp,
  serverNames,
  cookieNameMismatch,
  deltaManyServers,
  fieldsOfOtherTargets,
  fileStorePlace,
  headerVariable,
  ipHashSharedAddress,
  ipHashThreeOctets,
  jdbcDriverMismatch,
  localRemapped,
  localSingleCopy,
  localWithoutAffinity,
  memcachedNonsticky,
  memcachedRedis,
  memcachedSticky,
  multicast,
  needs,
  redisAddresses,
  redissonModes,
  replicationWithoutAffinity,
  routeAtTheWrongEnd,
  routeFromSessionCookie,
  routeWithoutSuffix,
  serverHostName,
  storeEviction,
  storeLastWriter,
  storeNotShared,
  storeRouteStays,
  storeSharedKeys,
  trustEveryone,
  unusedParts,
  urlNameMismatch,
]

export const rules: readonly Rule[] = listing.map((list) => (cluster, findings) => {
  findings.addAll(list(cluster))
})
