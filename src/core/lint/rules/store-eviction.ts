import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { type App, storeOf } from '../../model/app.ts'
import type { Store } from '../../model/store.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'

/** Whether the store holds the only copy; sticky sessions live in the Tomcats as well. */
const isOnlyCopy = (app: App): boolean => {
  if (app.runtime === 'none') return false
  const { sessions } = app
  if (sessions.store === 'cached_db') return false
  return !('isSticky' in sessions && sessions.isSticky)
}

/** A policy that is well is only checked. */
const unwritten = (store: Store): readonly Diagnostic[] =>
  store.kind === 'redis' && store.eviction !== null
    ? [
        withoutEffect(
          [...store.path, 'eviction'],
          null,
          'it is compared with what sessions need, and written nowhere',
          'maxmemory-policy stands in redis.conf',
        ),
      ]
    : []

const problemsOf = (store: Store): readonly Diagnostic[] => {
  if (store.kind === 'memcached') {
    const message = `"${store.name}" drops the oldest sessions when its memory is full, and all of them when it restarts`
    return [
      report(
        'memcached-forgets',
        atKey(store.path),
        message,
        'give it more memory than all sessions need',
      ),
    ]
  }
  if (store.kind !== 'redis' || store.eviction === null) return []
  if (store.eviction === 'noeviction' || store.eviction === 'volatile-ttl') return unwritten(store)
  const message = `"${store.name}" throws sessions away at random when its memory is full (${store.eviction})`
  const help =
    'write eviction: noeviction or volatile-ttl, here and in redis.conf (maxmemory-policy)'
  return [report('store-evicts', atValue([...store.path, 'eviction']), message, help)]
}

export const storeEviction: ListingRule = ({ upstreams }) => {
  const stores = upstreams.flatMap(({ app }) => (isOnlyCopy(app) ? (storeOf(app) ?? []) : []))
  return [...new Set(stores)].flatMap(problemsOf)
}
