import { atValue } from '../../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../../model/address.ts'
import type { JvmRouteAffinity } from '../../../model/affinity.ts'
import type { Server } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { serverDirective, stateOf, upstreamBlock } from '../upstream-block.ts'
import { isVariableName } from '../variables.ts'
import {
  type Implementation,
  singleBlock,
  type UpstreamConfiguration,
  type UpstreamContext,
} from './implementation.ts'

const missing = ({ modules, flavor, isUnpatched }: Features): string | null => {
  if (!modules.has('jvm_route')) return 'modules: [jvm_route]'
  if (flavor === 'nginx-plus' && !isUnpatched)
    return 'unpatched: true (NGINX Plus cannot be patched)'
  return null
}

/** Parameters of `server` that the patch of the module adds. */
const params = ({ route, maxBusy }: Server): string[] =>
  maxBusy === null || maxBusy === 0
    ? [`srun_id=${route}`]
    : [`srun_id=${route}`, `max_busy=${maxBusy}`]

const configure = (
  affinity: JvmRouteAffinity,
  { upstream, features, zone }: UpstreamContext,
): UpstreamConfiguration => {
  const { servers } = upstream
  const block = {
    ...upstreamBlock(upstream, features, zone),
    servers: servers.map((server) =>
      serverDirective(server, stateOf(server), features.isUnpatched ? [] : params(server)),
    ),
    routes: features.isUnpatched
      ? servers.map(({ route, address }) => ({ route, address: formatAddress(address) }))
      : [],
    jvmRoute: {
      session: `$cookie_${affinity.cookie}|${affinity.url}`,
      reverse: affinity.reverse,
      strict: affinity.onFailure === 'strict',
    },
  }
  return {
    ...singleBlock(block),
    logged: { route: '$jvm_route', routeStatus: '$jvm_route_status' },
    ignoresChecks: 'the jvm_route module',
  }
}

/** The module of this project: it works with any balancing method and all parameters of `server`. */
export const jvmRouteModule = (affinity: JvmRouteAffinity, features: Features): Implementation => ({
  via: 'module',
  title: 'the jvm_route module',
  missing: missing(features),
  capabilities: {
    balance: 'any',
    backup: true,
    // Without the patch, `drain` exists only where nginx has it.
    drain: !features.isUnpatched || features.sticky?.drain === true,
    strict: true,
    zone: true,
    maxConns: true,
    maxBusy: !features.isUnpatched,
    routes: true,
  },
  check: (findings) => {
    if (isVariableName(affinity.cookie)) return
    report(
      findings,
      'nginx-cookie-name',
      atValue([...affinity.path, 'cookie']),
      `the jvm_route module cannot read the cookie "${affinity.cookie}": $cookie_${affinity.cookie} is not a valid variable`,
      'use letters, digits and "_", or via: maps',
    )
  },
  configure: (context) => configure(affinity, context),
})
