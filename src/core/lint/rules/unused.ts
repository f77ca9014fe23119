import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { hasSessions, storeOf } from '../../model/app.ts'
import type { Target } from '../../model/target.ts'
import { snippetsOf } from '../../snippets/all.ts'
import { locationsByUpstream } from '../browser-cookies.ts'
import type { Rule } from '../rule.ts'

const products = { nginx: 'nginx', haproxy: 'HAProxy', httpd: 'httpd' } as const

/** Fields that only one kind of proxy supports, where that proxy is not a target. */
export const fieldsOfOtherTargets: Rule = (cluster, findings) => {
  const { targets, upstreams } = cluster
  const isMissing = (name: Target['dialect']): boolean =>
    targets.every(({ dialect }) => dialect !== name)
  const say = (path: SpecPath, product: string): void => {
    const why = `it applies to ${product} only, which is not a target`
    withoutEffect(findings, path, null, why)
  }
  for (const { affinity, connections, fullConns, path, servers, zone } of upstreams) {
    if (isMissing('haproxy')) {
      if (connections !== null) say(connections.path, 'HAProxy')
      if (fullConns !== null) say([...path, 'fullConns'], 'HAProxy')
      const server = servers.find(({ minConns }) => minConns !== null)
      if (server !== undefined) say([...server.path, 'minConns'], 'HAProxy')
    }
    const { method } = affinity
    const hasVia = method !== 'none' && affinity.via !== 'auto'
    if (isMissing('nginx') && hasVia) say([...affinity.path, 'via'], 'nginx')
    if (isMissing('nginx') && zone !== null) say([...path, 'zone'], 'nginx')
    const hasMode = method === 'jvm_route' && affinity.mode !== null
    if (isMissing('haproxy') && hasMode) say([...affinity.path, 'mode'], 'HAProxy')
  }
  for (const { dialect, path } of snippetsOf(cluster))
    if (isMissing(dialect)) say(path, products[dialect])
}

/** Upstreams and stores that no other part of the spec uses. */
const unusedDefinitions: Rule = (cluster, findings) => {
  const reached = locationsByUpstream(cluster)
  // An existing file has locations of its own.
  const isInBase = cluster.targets.some(({ base }) => base !== null)
  for (const upstream of cluster.upstreams) {
    if (reached.has(upstream) || isInBase) continue
    const help = 'add a location to a frontend, or use the upstream in your own configuration'
    const why = 'no location proxies to this upstream'
    withoutEffect(findings, upstream.path, null, why, help)
  }
  const used = new Set(cluster.upstreams.map(({ app }) => storeOf(app)))
  for (const store of cluster.stores) {
    if (used.has(store)) continue
    const help = 'name it in app.sessions.use, or remove it'
    const why = 'no application keeps its sessions in this store'
    withoutEffect(findings, store.path, null, why, help)
  }
}

/** Fields of other protocols than that of the servers. */
const unusedProtocolFields: Rule = ({ upstreams }, findings) => {
  for (const { ajpSecret, documentRoot, path, protocol } of upstreams) {
    const say = (key: string): void =>
      withoutEffect(findings, [...path, key], null, `the servers speak ${protocol}`)
    if (ajpSecret !== null && protocol !== 'ajp') say('ajpSecret')
    if (documentRoot !== null && protocol !== 'fastcgi') say('documentRoot')
  }
}

/** Settings of Tomcats. */
const unusedTomcatFields: Rule = ({ upstreams }, findings) => {
  for (const { app, servers } of upstreams) {
    if (app.runtime !== 'tomcat') {
      // Reported once for an upstream, at the first server.
      const server = servers.find(({ tomcat }) =>
        Object.values(tomcat).some((value) => value !== null),
      )
      if (server === undefined) continue
      const help = 'write app: { runtime: tomcat, version: "9.0.122" }'
      const why = 'the application of this upstream is not a Tomcat'
      withoutEffect(findings, [...server.path, 'tomcat'], null, why, help)
      continue
    }
    for (const key of ['base', 'contextBase'] as const) {
      if (app[key] === null || servers.some(({ tomcat }) => tomcat[key] === null)) continue
      withoutEffect(findings, [...app.path, 'tomcat', key], null, 'every server sets its own')
    }
    if (app.webapp !== null && !['delta', 'backup'].includes(app.sessions.store)) {
      const why = 'only replication has requirements for the web application'
      withoutEffect(findings, [...app.path, 'webapp'], null, why)
    }
  }
}

const unusedStoreFields: Rule = ({ stores, upstreams }, findings) => {
  for (const store of stores) {
    if (store.kind !== 'redis' || store.mode === 'sentinel') continue
    const say = (key: string, why: string): void =>
      withoutEffect(findings, [...store.path, key], null, why)
    if (store.master !== null) say('master', 'only mode: sentinel uses the name of the master')
    if (store.sentinelPassword !== null)
      say('sentinelPassword', 'only mode: sentinel connects to sentinels')
  }
  for (const { app } of upstreams) {
    if (app.runtime === 'none' || !('namespace' in app.sessions)) continue
    const { keyPrefix, namespace, path } = app.sessions
    if (namespace === null || keyPrefix === null) continue
    withoutEffect(findings, [...path, 'keyPrefix'], null, '"namespace" is the whole prefix')
  }
}

/** Affinity by session ids, and session cookies, of applications without sessions. */
const unusedSessionFields: Rule = ({ upstreams }, findings) => {
  for (const { affinity, app } of upstreams) {
    if (hasSessions(app)) continue
    const say = (path: SpecPath): void => {
      const why = 'the application has no sessions (store: none)'
      withoutEffect(findings, path, null, why, 'remove it')
    }
    const isLearned = affinity.method === 'sticky' && affinity.by === 'learn'
    if (affinity.method === 'jvm_route' || isLearned) say(affinity.path)
    if (app.runtime === 'none') continue
    const { specPath, ...attributes } = app.cookie
    if (Object.values(attributes).some((value) => value !== null)) say(specPath)
  }
}

/** Parts of the spec that no other part uses. */
export const unusedParts: Rule = (cluster, findings) => {
  for (const rule of [
    unusedDefinitions,
    unusedTomcatFields,
    unusedStoreFields,
    unusedProtocolFields,
    unusedSessionFields,
  ])
    rule(cluster, findings)
}
