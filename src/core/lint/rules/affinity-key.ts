import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { sessionCookiesOf } from '../../model/session-cookie.ts'
import { isChanging, kindsInKey, type VariableKind } from '../../model/variables.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'
import { isKeptByEach } from '../spread.ts'

/** The expressions that an affinity reads its key from. */
interface Key {
  readonly text: string
  readonly path: SpecPath
  /** Whether its hash chooses the server; false: it is looked up. */
  readonly isHashed: boolean
}

const lookedUp = (path: SpecPath, variables: readonly string[]): readonly Key[] =>
  variables.map((text, index) => ({ text, path: [...path, index], isHashed: false }))

const keysOf = ({ affinity, balance, path }: Upstream): readonly Key[] => {
  if (affinity.method === 'hash')
    return [{ text: affinity.key, path: [...affinity.path, 'key'], isHashed: true }]
  if (affinity.method === 'sticky' && affinity.by === 'route')
    return lookedUp([...affinity.path, 'from'], affinity.from)
  if (affinity.method === 'sticky' && affinity.by === 'learn')
    return lookedUp([...affinity.path, 'lookup'], affinity.lookup)
  return affinity.method === 'none' && balance.kind === 'hash'
    ? [{ text: balance.key, path: [...path, 'balance', 'hash'], isHashed: true }]
    : []
}

/** What pins a client whatever it sends. */
const remedyFor = ({ app }: Upstream): string =>
  app.runtime === 'tomcat'
    ? 'write affinity: { method: jvm_route }, which reads the server from the session id'
    : 'write affinity: { method: sticky, by: cookie, cookie: srv_id }'

const changes: Partial<Readonly<Record<VariableKind, string>>> = {
  request: 'differs from one request of a client to the next',
  connection: 'differs from one connection of a client to the next',
  time: 'changes with time',
  response: 'has no value while a server is chosen',
}

const changeProblem = (upstream: Upstream, { text, path }: Key): Diagnostic | null => {
  const found = kindsInKey(text).find(({ kind }) => isChanging(kind))
  if (found === undefined || found.kind === null) return null
  const message = `$${found.name} ${changes[found.kind] ?? 'changes'}: no client stays on its server`
  return report('affinity-key-changes', atValue(path), message, remedyFor(upstream))
}

const issuedProblem = (upstream: Upstream, { text, path }: Key): Diagnostic | null => {
  const { app } = upstream
  const own = new Set(sessionCookiesOf(app).map((name) => `cookie_${name.toLowerCase()}`))
  const found = kindsInKey(text).find(
    ({ name, kind }) => kind === 'issued' || own.has(name.toLowerCase()),
  )
  if (found === undefined) return null
  const message = `$${found.name} is made by the server that answers first: its hash leads the next request to any server`
  const remedy = remedyFor(upstream)
  if (isKeptByEach(upstream))
    return report('hash-by-session-cookie', atValue(path), message, remedy)
  // Where the spec says that the servers share their sessions, each of them will do.
  return app.runtime === 'none' && upstream.affinity.method === 'hash'
    ? report('affinity-key-issued', atValue(path), message, `${remedy}; or share the sessions`)
    : null
}

const hopsProblem = ({ text, path }: Key): Diagnostic | null => {
  const found = kindsInKey(text).find(({ kind }) => kind === 'hops')
  if (found === undefined) return null
  const message = `$${found.name} is written by the client and by every proxy on the way: clients choose their server with it, and move with their proxies`
  const help =
    'write clientAddress: { trust: [...], header: X-Forwarded-For } for the frontend, and key: $remote_addr'
  return report('affinity-key-hops', atValue(path), message, help)
}

const sameProblem = (upstream: Upstream, { text, path }: Key): Diagnostic | null => {
  if (kindsInKey(text).some(({ kind }) => kind !== 'same')) return null
  const message = `"${text}" is the same for all clients: all of them go to one server`
  return report('affinity-key-same', atValue(path), message, remedyFor(upstream))
}

const problemOf = (upstream: Upstream, key: Key): Diagnostic | null => {
  const isAffinity = upstream.affinity.method !== 'none'
  return (
    (isAffinity ? changeProblem(upstream, key) : null) ??
    (key.isHashed ? issuedProblem(upstream, key) : null) ??
    (isAffinity && key.isHashed ? (hopsProblem(key) ?? sameProblem(upstream, key)) : null)
  )
}

/** One problem a key: the worst of its variables decides. */
export const affinityKey: ListingRule = ({ upstreams }) =>
  upstreams
    .filter(({ servers }) => servers.length > 1)
    .flatMap((upstream) => keysOf(upstream).flatMap((key) => problemOf(upstream, key) ?? []))
