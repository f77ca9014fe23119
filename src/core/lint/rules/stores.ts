import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { type App, storeOf } from '../../model/app.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import type { Upstream } from '../../model/cluster.ts'
import { machineOf } from '../../model/network.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { isSpread, stickyCookieRemedy } from '../sessions.ts'

/** The addresses and the mode of a Redis must agree. */
export const redisAddresses: Rule = ({ stores }, findings) => {
  for (const store of stores) {
    if (store.kind !== 'redis') continue
    const { mode, addresses, master, name, path } = store
    if (mode === 'single' && addresses.length > 1) {
      const message = `"${name}" is a single Redis, but has ${addresses.length} addresses`
      const help = 'write mode: sentinel or cluster, or keep only the address of the master'
      report(findings, 'redis-several-addresses', atKey([...path, 'addresses']), message, help)
    } else if (mode === 'sentinel' && master === null) {
      const message = `"${name}" uses Sentinel, but the name of the master is missing`
      report(findings, 'redis-master-missing', atKey(path), message, 'write master: mymaster')
    }
  }
}

/** What Redisson loses in these modes when requests of a session reach different servers. */
export const redissonModes: Rule = (cluster, findings) => {
  for (const upstream of appUpstreams(cluster, 'tomcat')) {
    const { sessions } = upstream.app
    if (sessions.store !== 'redisson' || !isSpread(upstream)) continue
    const { readMode, updateMode, path } = sessions
    if (readMode === 'MEMORY') {
      const message =
        'each server reads its own copy of the session, which may be older than the last request'
      const help = 'write readMode: REDIS and updateMode: AFTER_REQUEST, or set an affinity'
      report(findings, 'redisson-memory', atKey([...path, 'readMode']), message, help)
    } else if (updateMode !== 'AFTER_REQUEST') {
      const message =
        'changes inside an object of the session are lost unless the application calls setAttribute'
      const help =
        'write updateMode: AFTER_REQUEST, unless the application always calls setAttribute'
      report(findings, 'redisson-in-place', atKey([...path, 'updateMode']), message, help)
    }
  }
}

/** Whether each request writes the whole session, without a lock between servers. */
const writesWholeSession = (app: App): boolean => {
  if (app.runtime !== 'tomcat') return false
  const { sessions } = app
  if (sessions.store === 'file' || sessions.store === 'jdbc') return sessions.isShared
  if (sessions.store === 'redisson') return sessions.updateMode === 'AFTER_REQUEST'
  return sessions.store === 'tomcat-redis'
}

export const storeLastWriter: Rule = (cluster, findings) => {
  for (const upstream of cluster.upstreams) {
    const { app, name } = upstream
    if (app.runtime === 'none' || !writesWholeSession(app) || !isSpread(upstream)) continue
    const message = `when two servers of "${name}" answer parallel requests of one client, the last one to finish overwrites the session`
    const help = stickyCookieRemedy(cluster)
    report(findings, 'store-last-writer', atKey(app.sessions.path), message, help)
  }
}

/** Whether the store has the only copy; sticky sessions are in the memory of Tomcat as well. */
const isOnlyCopy = (app: App): boolean => {
  if (app.runtime === 'none' || app.sessions.store === 'cached_db') return false
  return !('isSticky' in app.sessions && app.sessions.isSticky)
}

/** A store that deletes sessions when its memory is full. */
export const storeEviction: Rule = ({ upstreams }, findings) => {
  const stores = upstreams.flatMap(({ app }) => (isOnlyCopy(app) ? (storeOf(app) ?? []) : []))
  for (const store of new Set(stores)) {
    if (store.kind === 'memcached') {
      const message = `"${store.name}" evicts sessions when its memory is full, and loses all of them when it restarts`
      const help = 'give it more memory than all sessions need'
      report(findings, 'memcached-forgets', atKey(store.path), message, help)
    }
    if (store.kind !== 'redis' || store.eviction === null) continue
    const at = [...store.path, 'eviction']
    if (store.eviction === 'noeviction' || store.eviction === 'volatile-ttl') {
      const why = 'the value is safe for sessions; it is checked, but not written to a file'
      withoutEffect(findings, at, null, why, 'set maxmemory-policy in redis.conf')
      continue
    }
    const message = `"${store.name}" may evict sessions that are in use when its memory is full (${store.eviction})`
    const help =
      'write eviction: noeviction or volatile-ttl, here and in redis.conf (maxmemory-policy)'
    report(findings, 'store-evicts', atValue(at), message, help)
  }
}

interface Folder {
  readonly directory: string
  readonly at: SpecPath
}

/** The folder in which the servers are expected to share their sessions. */
const sharedFolder = (app: App): Folder | null => {
  if (app.runtime === 'none') return null
  const { sessions } = app
  if (sessions.store !== 'file' && sessions.store !== 'files') return null
  if (('isShared' in sessions && !sessions.isShared) || sessions.directory === null) return null
  return { directory: sessions.directory, at: [...sessions.path, 'directory'] }
}

const isLocal = (directory: string): boolean =>
  !/^(?:\/|[A-Za-z]:[\\/]|\\\\|\$\{catalina\.)/.test(directory) ||
  /^\/(?:tmp|var\/tmp|dev\/shm|run)(?:\/|$)/.test(directory)

/** Session files are shared through a network file system, or not at all. */
export const fileStorePlace: Rule = ({ upstreams }, findings) => {
  for (const { app, name, servers } of upstreams) {
    const folder = sharedFolder(app)
    const machines = new Set(servers.map(({ address }) => machineOf(address)))
    // Servers on one machine share its disk.
    if (folder === null || machines.size < 2) continue
    const { directory, at } = folder
    if (isLocal(directory)) {
      const message = `"${directory}" is a different folder on each server`
      const help = 'write the absolute path of a network folder'
      report(findings, 'file-store-local', atValue(at), message, help)
    } else {
      const message = `"${directory}" must be the same network folder on all servers of "${name}"`
      const help =
        'consider Redis or a database, which is faster and does not hang when the network file system does'
      report(findings, 'file-store-network', atValue(at), message, help)
    }
  }
}

type KnownApp = Exclude<App, { readonly runtime: 'none' }>

interface StoreUser {
  readonly upstream: Upstream
  readonly app: KnownApp
}

/** Equal for applications whose sessions have the same keys in the same store. */
const keySpaceOf = ({ app }: StoreUser): string => {
  const { sessions } = app
  const namespace = 'namespace' in sessions ? sessions.namespace : null
  const prefix = namespace ?? ('keyPrefix' in sessions ? sessions.keyPrefix : null)
  return JSON.stringify([storeOf(app)?.name, app.runtime, sessions.store, prefix])
}

const isOneApplication = (a: Upstream, b: Upstream): boolean => {
  const names = new Set(a.servers.map(({ name }) => name))
  return b.servers.every(({ name }) => names.has(name))
}

const releaseLine = ({ version: { parts } }: KnownApp): string => `${parts[0]}.${parts[1]}`

/** Two applications whose sessions have the same keys in one store. */
export const storeSharedKeys: Rule = ({ upstreams }, findings) => {
  const users = new Map<string, StoreUser>()
  for (const upstream of upstreams) {
    const { app } = upstream
    if (app.runtime === 'none' || storeOf(app) === null) continue
    const key = keySpaceOf({ upstream, app })
    const first = users.get(key)
    if (first === undefined) {
      users.set(key, { upstream, app })
      continue
    }
    if (isOneApplication(first.upstream, upstream)) continue
    const at = atValue([...app.sessions.path, 'use'])
    const names = `"${first.upstream.name}" and "${upstream.name}"`
    if (first.app.runtime === 'tomcat' && releaseLine(first.app) !== releaseLine(app)) {
      const message = `${names} are Tomcat ${first.app.version.text} and ${app.version.text}, and read sessions of each other`
      const help = 'give each a keyPrefix or its own store'
      report(findings, 'store-mixed-tomcats', at, message, help)
    } else {
      const message = `${names} keep their sessions under the same keys`
      const separation = 'keyPrefix' in app.sessions ? 'a keyPrefix' : 'its own store'
      const help = `give each ${separation}, unless they are one application`
      report(findings, 'store-shared-keys', at, message, help)
    }
  }
}
