import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Upstream } from '../../model/cluster.ts'
import { sessionCookiesOf } from '../../model/session-cookie.ts'
import { isChanging, kindsInKey, type VariableKind } from '../../model/variables.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { isKeptByEach } from '../sessions.ts'

/** An expression from which an affinity reads its key. */
interface Key {
  readonly text: string
  readonly path: SpecPath
  /** true: the hash of the key selects the server; false: the key is looked up. */
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

/** An affinity that works whatever the client sends. */
const remedyFor = ({ app }: Upstream): string =>
  app.runtime === 'tomcat'
    ? 'write affinity: { method: jvm_route }, which reads the route from the session id'
    : 'write affinity: { method: sticky, by: cookie, cookie: srv_id }'

const changes: Partial<Readonly<Record<VariableKind, string>>> = {
  request: 'differs between two requests of a client',
  connection: 'differs between two connections of a client',
  time: 'changes with time',
  response: 'has no value when the server is selected',
}

const reportKey = (upstream: Upstream, { text, path, isHashed }: Key, findings: Findings): void => {
  const { affinity, app } = upstream
  const isAffinity = affinity.method !== 'none'
  const variables = kindsInKey(text)
  const at = atValue(path)
  const remedy = remedyFor(upstream)

  const changing = variables.find(({ kind }) => isChanging(kind))
  if (isAffinity && changing !== undefined && changing.kind !== null) {
    const message = `$${changing.name} ${changes[changing.kind] ?? 'changes'}: clients do not stay on their server`
    report(findings, 'affinity-key-changes', at, message, remedy)
    return
  }
  if (!isHashed) return

  const own = new Set(sessionCookiesOf(app).map((name) => `cookie_${name.toLowerCase()}`))
  const issued = variables.find(
    ({ name, kind }) => kind === 'issued' || own.has(name.toLowerCase()),
  )
  if (issued !== undefined) {
    const message = `$${issued.name} is set by the server that answers the first request: its hash can select another server for the next request`
    if (isKeptByEach(upstream)) {
      report(findings, 'hash-by-session-cookie', at, message, remedy)
      return
    }
    // If the spec says that the servers share their sessions, any server can answer.
    if (app.runtime === 'none' && affinity.method === 'hash') {
      report(findings, 'affinity-key-issued', at, message, `${remedy}, or share the sessions`)
      return
    }
  }
  if (!isAffinity) return

  const hop = variables.find(({ kind }) => kind === 'hops')
  if (hop !== undefined) {
    const message = `$${hop.name} can be set by the client and by every proxy in front: a client can choose its server, and moves when its proxies change`
    const help =
      'write clientAddress: { trust: [...], header: X-Forwarded-For } for the frontend, and key: $remote_addr'
    report(findings, 'affinity-key-hops', at, message, help)
  } else if (variables.every(({ kind }) => kind === 'same')) {
    const message = `"${text}" has the same value for all clients: all requests are sent to one server`
    report(findings, 'affinity-key-same', at, message, remedy)
  }
}

/** A key that does not identify the client. One report for each key: its worst variable decides. */
export const affinityKey: Rule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    if (upstream.servers.length < 2) continue
    for (const key of keysOf(upstream)) reportKey(upstream, key, findings)
  }
}
