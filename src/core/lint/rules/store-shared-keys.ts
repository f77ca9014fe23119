import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { type App, storeOf } from '../../model/app.ts'
import type { Upstream } from '../../model/cluster.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'

type Real = Exclude<App, { readonly runtime: 'none' }>

interface User {
  readonly upstream: Upstream
  readonly app: Real
}

/** What tells the sessions of two applications apart, if anything does. */
const keysOf = ({ app }: User): string => {
  const { sessions } = app
  const prefix = 'keyPrefix' in sessions ? sessions.keyPrefix : null
  return JSON.stringify([storeOf(app)?.name, app.runtime, sessions.store, prefix])
}

const isOneApplication = (a: Upstream, b: Upstream): boolean => {
  const names = new Set(a.servers.map(({ name }) => name))
  return b.servers.every(({ name }) => names.has(name))
}

const lineOf = ({ version: { parts } }: Real): string => `${parts[0]}.${parts[1]}`

const compare = (first: User, other: User): readonly Diagnostic[] => {
  if (isOneApplication(first.upstream, other.upstream)) return []
  const at = atValue([...other.app.sessions.path, 'use'])
  const names = `"${first.upstream.name}" and "${other.upstream.name}"`
  const isMixed = first.app.runtime === 'tomcat' && lineOf(first.app) !== lineOf(other.app)
  if (isMixed) {
    const message = `${names} are Tomcat ${first.app.version.text} and ${other.app.version.text}, and would read each other's sessions`
    const help = 'give each a keyPrefix, or a store of its own'
    return [report('store-mixed-tomcats', at, message, help)]
  }
  const message = `${names} keep their sessions under the same keys`
  const help =
    'keyPrefix' in other.app.sessions
      ? 'give each a keyPrefix, unless they are one application'
      : 'give each a store of its own, unless they are one application'
  return [report('store-shared-keys', at, message, help)]
}

export const storeSharedKeys: ListingRule = ({ upstreams }) => {
  const first = new Map<string, User>()
  return upstreams.flatMap((upstream) => {
    const { app } = upstream
    if (app.runtime === 'none' || storeOf(app) === null) return []
    const user = { upstream, app }
    const known = first.get(keysOf(user))
    if (known !== undefined) return compare(known, user)
    first.set(keysOf(user), user)
    return []
  })
}
