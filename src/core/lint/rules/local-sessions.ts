import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../model/affinity.ts'
import type { App } from '../../model/app.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { hashKeyOf, isKeptByEach, isSpread } from '../sessions.ts'

/** Each session is in one Tomcat, but its requests are sent to all of them. */
export const localWithoutAffinity: Rule = (cluster, findings) => {
  for (const upstream of appUpstreams(cluster, 'tomcat')) {
    const { affinity, app, servers } = upstream
    if (app.sessions.store !== 'local' || servers.length < 2 || !isSpread(upstream)) continue
    const key = hashKeyOf(upstream)
    const spread =
      key === null
        ? 'each request may be sent to another server'
        : `"${key}" differs from page to page`
    const message = `each session is in one Tomcat ${app.version.text} only, but ${spread}`
    const help =
      'write affinity: { method: jvm_route }, use a shared session store, or write sessions: { store: none } for an application without sessions'
    report(findings, 'local-without-affinity', atKey(affinity.path), message, help)
  }
}

/** How to share sessions that each server keeps to itself; null: they are shared, or local on purpose. */
const sharingRemedy = (app: App): string | null => {
  if (app.runtime === 'none') return null
  const { sessions } = app
  switch (sessions.store) {
    case 'file':
      if (app.runtime === 'tomcat')
        return 'isShared' in sessions && !sessions.isShared
          ? 'write sharedBetweenServers: true, or set an affinity'
          : null
      return 'directory' in sessions && sessions.directory !== null
        ? null
        : 'set a directory that all servers share, or an affinity'
    case 'jdbc':
      return sessions.isShared ? null : 'write sharedBetweenServers: true, or set an affinity'
    case 'files':
      return sessions.directory === null
        ? 'set a directory that all servers share, or an affinity'
        : null
    default:
      return null
  }
}

/** A session store that is not shared, with requests that are sent to all servers. */
export const storeNotShared: Rule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    const { app, name } = upstream
    const remedy = sharingRemedy(app)
    if (remedy === null || app.runtime === 'none' || !isSpread(upstream)) continue
    const message = `each server of "${name}" keeps its own sessions, but each request may be sent to another server`
    report(findings, 'store-not-shared', atKey(app.path), message, remedy)
  }
}

/** Affinity cannot restore a session whose only copy is gone. */
export const localSingleCopy: Rule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    const { affinity, app, name } = upstream
    if (!isKeptByEach(upstream) || affinity.method === 'none' || app.runtime === 'none') continue
    const message =
      app.sessions.store === 'local'
        ? `when a server of "${name}" fails, its sessions are lost: there is no other copy`
        : `while a server of "${name}" is down, its sessions are unavailable: no other server can read them`
    const help = 'if sessions must survive, set a shared store or replication in app.sessions'
    report(findings, 'local-single-copy', atKey(app.path), message, help)
  }
}

const remappingMethod = (affinity: Affinity): string | null => {
  if (affinity.method === 'ip_hash') return 'ip_hash'
  return affinity.method === 'hash' && !affinity.consistent ? 'hash without "consistent"' : null
}

/** A hash over the list of servers sends clients elsewhere when the list changes. */
export const localRemapped: Rule = ({ upstreams }, findings) => {
  for (const upstream of upstreams.filter(isKeptByEach)) {
    const { affinity } = upstream
    const method = remappingMethod(affinity)
    if (method === null) continue
    const message = `with ${method}, most clients move to another server and lose their sessions when a server is added or removed`
    const help = 'use jvm_route or sticky, with which sessions stay on their server'
    report(findings, 'local-remapped', atKey(affinity.path), message, help)
  }
}
