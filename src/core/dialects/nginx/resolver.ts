import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import { formatAddress } from '../../model/address.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { NginxTarget } from '../../model/target.ts'
import type { UpstreamConfiguration } from './affinity/implementation.ts'
import { report } from './codes.ts'
import { duration, isWholeSeconds } from './durations.ts'
import type { Features } from './features.ts'

const looksUpNames = ({ servers }: Upstream): boolean => servers.some(({ resolves }) => resolves)

const resolveSince: Readonly<Record<Features['flavor'], string>> = {
  nginx: 'nginx 1.27.3',
  openresty: 'OpenResty 1.27.3',
  'nginx-plus': 'NGINX Plus R20',
  angie: 'Angie 1.12.0',
  tengine: 'Tengine 3.2.0',
}

const checkUpstream = (
  { servers }: Upstream,
  { base, resolver, path }: NginxTarget,
  features: Features,
  findings: Findings,
): void => {
  const [first] = servers.filter(({ resolves }) => resolves)
  if (first === undefined) return
  const at = [...first.path, 'resolve']
  if (!features.resolvesNames) {
    report(
      findings,
      'nginx-resolve',
      atValue(at),
      `${features.label} looks up names only when it starts`,
      `use ${resolveSince[features.flavor]} or later, or leave resolve out and reload nginx when an address changes`,
    )
    return
  }
  // An existing configuration has a resolver, in the block or at the http level.
  if (resolver === null && base === null) {
    report(
      findings,
      'nginx-resolver',
      atKey([...path, 'resolver']),
      `nginx does not read resolv.conf: it cannot look up the name of "${first.name}" while it runs`,
      'write targets.nginx.resolver: { addresses: ["10.0.0.2:53"] } with your DNS servers',
    )
  }
  for (const server of servers) {
    if (!server.resolves || server.maxAddresses === null) continue
    report(
      findings,
      'nginx-max-addresses',
      atValue([...server.path, 'maxAddresses']),
      `nginx uses all addresses of "${server.name}": it has no limit for them`,
      null,
    )
  }
}

/** Reports what nginx lacks for servers with `resolve`, and a resolver that nothing uses. */
export const checkResolver = (
  { upstreams }: Cluster,
  target: NginxTarget,
  features: Features,
  findings: Findings,
): void => {
  for (const upstream of upstreams) checkUpstream(upstream, target, features, findings)
  const { resolver } = target
  if (resolver === null) return
  if (!upstreams.some(looksUpNames))
    withoutEffect(findings, resolver.path, 'nginx', 'no server has "resolve: true"')
  if (resolver.validMs !== null && (resolver.validMs === 0 || !isWholeSeconds(resolver.validMs))) {
    report(
      findings,
      'nginx-duration',
      atValue([...resolver.path, 'valid']),
      '"valid" is a whole number of seconds in nginx, at least 1',
      'write whole seconds, such as 10s',
    )
  }
}

/** `resolver` in each upstream block, so that another one of the nginx.conf stays as it is. */
export const withResolver = (
  configuration: UpstreamConfiguration,
  upstream: Upstream,
  { resolver }: NginxTarget,
): UpstreamConfiguration => {
  if (resolver === null || !looksUpNames(upstream)) return configuration
  const { addresses, validMs } = resolver
  const words = [
    ...addresses.map(formatAddress),
    ...(validMs === null ? [] : [`valid=${duration(validMs)}`]),
  ]
  return {
    ...configuration,
    upstreams: configuration.upstreams.map((block) => ({ ...block, resolver: words })),
  }
}
