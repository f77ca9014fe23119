import type { Rule } from '../rule.ts'
import { affinityKey } from './affinity-key.ts'
import { affinityCookieClash, cookieNameMismatch } from './cookie-names.ts'
import { affinityCookieDropped, cookieScope } from './cookie-scope.ts'
import { interceptionWithoutEffect } from './error-pages.ts'
import { allowEveryone, locationWithoutContext, serverNames, trustEveryone } from './frontends.ts'
import { hstsWithoutHttps, httpsRedirects } from './https-redirects.ts'
import { ipHashSharedAddress, ipHashThreeOctets } from './ip-hash.ts'
import { jdbcDriverMismatch, unknownDrivers, unpinnedLibraries } from './libraries.ts'
import { evadedLimits, limitsWithoutEffect } from './limits.ts'
import {
  localRemapped,
  localSingleCopy,
  localWithoutAffinity,
  storeNotShared,
} from './local-sessions.ts'
import { memcachedNonsticky, memcachedRedis, memcachedSticky } from './memcached.ts'
import { namesAsPaths } from './names.ts'
import { serverTls, tomcatProtocol } from './protocols.ts'
import { proxyProtocolDiffers, proxyProtocolEveryone } from './proxy-protocol.ts'
import {
  backupSameHost,
  deltaManyServers,
  multicast,
  replicationWithoutAffinity,
} from './replication.ts'
import {
  routeAtTheWrongEnd,
  routeFromSessionCookie,
  routeWithoutSuffix,
  storeRouteStays,
  urlNameMismatch,
} from './routes.ts'
import { backupWithAffinity, resolvedRoutes, serverHostName, serverNotHttp } from './servers.ts'
import { sessionCookieDropped } from './session-cookie.ts'
import { sharedCookies } from './shared-cookies.ts'
import {
  fileStorePlace,
  redisAddresses,
  redissonModes,
  storeEviction,
  storeLastWriter,
  storeSharedKeys,
} from './stores.ts'
import { slowAnswers, timeoutsWithoutServers } from './timeouts.ts'
import { defaultFrontends, emptyVariables, tlsPerAddress, tlsWithoutListener } from './tls.ts'
import { fieldsOfOtherTargets, unusedParts } from './unused.ts'
import { upgradesWithoutProxy } from './upgrades.ts'

/** Rules over the cluster, whatever the targets are; each has a bad and a good fixture. */
export const rules: readonly Rule[] = [
  // What the affinity reads.
  affinityKey,
  ipHashSharedAddress,
  ipHashThreeOctets,
  routeWithoutSuffix,
  routeAtTheWrongEnd,
  routeFromSessionCookie,
  urlNameMismatch,

  // Cookies.
  affinityCookieClash,
  affinityCookieDropped,
  sessionCookieDropped,
  sharedCookies,
  cookieScope,
  cookieNameMismatch,

  // Frontends and servers.
  allowEveryone,
  trustEveryone,
  serverNames,
  httpsRedirects,
  defaultFrontends,
  tlsWithoutListener,
  tlsPerAddress,
  emptyVariables,
  hstsWithoutHttps,
  locationWithoutContext,
  serverHostName,
  resolvedRoutes,
  serverNotHttp,
  serverTls,
  tomcatProtocol,
  backupWithAffinity,
  slowAnswers,
  proxyProtocolEveryone,
  proxyProtocolDiffers,
  evadedLimits,

  // Sessions that one server keeps, and their replication.
  localWithoutAffinity,
  storeNotShared,
  localSingleCopy,
  localRemapped,
  replicationWithoutAffinity,
  deltaManyServers,
  backupSameHost,
  multicast,

  // Session stores.
  memcachedSticky,
  memcachedNonsticky,
  memcachedRedis,
  redisAddresses,
  redissonModes,
  storeLastWriter,
  storeEviction,
  storeRouteStays,
  storeSharedKeys,
  fileStorePlace,
  jdbcDriverMismatch,
  unpinnedLibraries,
  unknownDrivers,

  // Names, and parts without effect.
  namesAsPaths,
  upgradesWithoutProxy,
  fieldsOfOtherTargets,
  unusedParts,
  timeoutsWithoutServers,
  limitsWithoutEffect,
  interceptionWithoutEffect,
]
