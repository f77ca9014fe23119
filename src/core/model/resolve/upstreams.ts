import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Balance, Connections, NextUpstream, Upstream } from '../cluster.ts'
import { durationMs } from '../duration.ts'
import { byName } from '../order.ts'
import type { ServerTls } from '../server-tls.ts'
import type { Store } from '../store.ts'
import { resolveAffinity } from './affinity.ts'
import { resolveApp } from './app.ts'
import { resolveCheck } from './check.ts'
import { checkRoutes, resolveServers } from './servers.ts'
import { resolveSnippets } from './snippets.ts'
import { resolveSecret } from './stores.ts'

type SpecUpstream = Spec['upstreams'][string]

const resolveBalance = (written: SpecUpstream['balance']): Balance =>
  typeof written === 'string'
    ? { kind: written }
    : { kind: 'hash', key: written.hash, consistent: written.consistent }

const resolveNext = (written: SpecUpstream['nextUpstream'], name: string): NextUpstream | null =>
  written
    ? {
        on: written.on ?? ['error', 'timeout'],
        tries: written.tries ?? null,
        timeoutMs: written.timeout === undefined ? null : durationMs(written.timeout),
        path: ['upstreams', name, 'nextUpstream'],
      }
    : null

const resolveConnections = (
  written: SpecUpstream['connections'],
  path: SpecPath,
): Connections | null =>
  written ? { mode: written.mode ?? null, reuse: written.reuse ?? null, path } : null

/** `protocol: https` alone verifies the servers, too. */
const resolveTls = ({ protocol, tls }: SpecUpstream, path: SpecPath): ServerTls | null =>
  tls === undefined && protocol !== 'https'
    ? null
    : {
        verify: tls?.verify ?? true,
        ca: tls?.ca ?? null,
        serverName: tls?.serverName ?? null,
        certificate: tls?.certificate ?? null,
        path: tls === undefined ? path.slice(0, -1) : path,
      }

const resolveUpstream = (
  name: string,
  written: SpecUpstream,
  stores: readonly Store[],
  findings: Findings,
): Upstream => {
  const path = ['upstreams', name]
  const app = resolveApp(written.app, [...path, 'app'], stores, findings)
  const upstream: Upstream = {
    name,
    path,
    protocol: written.protocol,
    tls: resolveTls(written, [...path, 'tls']),
    ajpSecret: resolveSecret(written.ajpSecret, [...path, 'ajpSecret'], findings),
    documentRoot: written.documentRoot ?? null,
    balance: resolveBalance(written.balance),
    affinity: resolveAffinity(
      written.affinity,
      app,
      written.affinity ? [...path, 'affinity'] : path,
    ),
    zone: written.zone ?? null,
    keepalive: written.keepalive ?? null,
    fullConns: written.fullConns ?? null,
    connections: resolveConnections(written.connections, [...path, 'connections']),
    nextUpstream: resolveNext(written.nextUpstream, name),
    check: resolveCheck(written.check, name, findings),
    servers: resolveServers(written.servers, [...path, 'servers'], findings),
    app,
    snippets: resolveSnippets(written.snippets, path),
  }
  checkRoutes(upstream, written.servers, findings)
  return upstream
}

export const resolveUpstreams = (
  written: Spec['upstreams'],
  stores: readonly Store[],
  findings: Findings,
): readonly Upstream[] =>
  Object.entries(written)
    .map(([name, upstream]) => resolveUpstream(name, upstream, stores, findings))
    .sort(byName)
