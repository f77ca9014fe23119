import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { withoutEffect } from '../../../fields.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { routeFor } from '../../../model/route.ts'
import { atLeast } from '../../../model/version.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import type { Implementation } from './implementation.ts'

/** nginx refuses `backup` with these methods, and ignores it when the method follows the server. */
const methodWithoutBackup = ({ balance }: Upstream): string | null =>
  balance.kind === 'hash' || balance.kind === 'random' ? `"${balance.kind}"` : null

const checkServer = (
  server: Server,
  upstream: Upstream,
  features: Features,
  { capabilities, title }: Implementation,
  findings: Findings,
): void => {
  const { name, path } = server
  if (server.state === 'backup') {
    const method = capabilities.backup ? methodWithoutBackup(upstream) : title
    if (method !== null) {
      report(
        findings,
        'nginx-backup',
        atValue([...path, 'state']),
        `${method} does not support backup servers, such as "${name}"`,
        'use round_robin or least_conn, alone or with the affinity jvm_route or sticky',
      )
    }
  }
  if (server.state === 'drain' && !capabilities.drain) {
    report(
      findings,
      'nginx-drain',
      atValue([...path, 'state']),
      `${title} cannot drain "${name}": its sessions would move to other servers`,
      'use the jvm_route module with its patch, nginx 1.29.6 or later, or via: maps (jvm_route, sticky by route); or set state: down, which moves the sessions at once',
    )
  }
  if (server.maxConns && (!capabilities.maxConns || !features.maxConns)) {
    report(
      findings,
      'nginx-max-conns',
      atValue([...path, 'maxConns']),
      `${capabilities.maxConns ? features.label : title} cannot limit the connections to "${name}"`,
      capabilities.maxConns
        ? 'use nginx 1.11.5 or later'
        : 'use nginx 1.11.5 or later without that module',
    )
  }
  if (server.maxBusy && !capabilities.maxBusy) {
    report(
      findings,
      'nginx-max-busy',
      atValue([...path, 'maxBusy']),
      `${title} cannot limit the active requests of "${name}"`,
      'use the jvm_route module with its patch, or limit connections with maxConns',
    )
  }
}

/** Reports settings of the upstream and its servers that the implementation does not support. */
export const checkCapabilities = (
  upstream: Upstream,
  features: Features,
  implementation: Implementation,
  findings: Findings,
): void => {
  const { capabilities, title } = implementation
  const { affinity, balance, path, servers, zone } = upstream
  if (capabilities.balance === 'round_robin' && balance.kind !== 'round_robin') {
    report(
      findings,
      'nginx-balance-conflict',
      atValue([...path, 'balance']),
      `${title} is a balancing method and cannot be combined with "${balance.kind}"`,
      'leave balance out, or use the affinity jvm_route or sticky, which work with any method',
    )
  }
  if (affinity.method !== 'none' && affinity.onFailure === 'strict' && !capabilities.strict) {
    report(
      findings,
      'nginx-strict',
      atValue([...affinity.path, 'onFailure']),
      `${title} does not support "strict": it always chooses another server`,
      'use the jvm_route module, Angie, session_sticky, or via: maps (jvm_route, sticky by route)',
    )
  }
  const named = servers.find(({ resolves }) => resolves)
  if (named !== undefined && !capabilities.zone) {
    report(
      findings,
      'nginx-resolve',
      atValue([...named.path, 'resolve']),
      `${title} cannot be combined with "resolve"`,
      'use the built-in "sticky" of nginx 1.29.6 or later, or the jvm_route module',
    )
  }
  const hasZones = atLeast(features.base, '1.9.0')
  if (zone !== null && !(hasZones && capabilities.zone)) {
    report(
      findings,
      'nginx-zone',
      atValue([...path, 'zone']),
      hasZones
        ? `${title} does not work with a shared memory zone`
        : `${features.label} has no shared memory zones for upstreams (nginx has them since 1.9.0)`,
      'leave zone out: each worker then counts failures separately',
    )
  }
  for (const server of servers) checkServer(server, upstream, features, implementation, findings)
}

/** Reports a route that the implementation does not use. Tomcat uses its `jvmRoute` in any case. */
export const noteRoutes = (
  { app, servers }: Upstream,
  { label }: Features,
  { capabilities, title }: Implementation,
  findings: Findings,
): void => {
  if (capabilities.routes || app.runtime === 'tomcat') return
  const server = servers.find(({ name, route }) => route !== routeFor(name))
  if (server === undefined) return
  const reason = `${title} identifies servers by their addresses`
  withoutEffect(findings, [...server.path, 'route'], label, reason)
}
