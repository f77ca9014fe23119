import { atValue } from '../../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../../model/address.ts'
import type { JvmRouteAffinity } from '../../../model/affinity.ts'
import type { Server } from '../../../model/cluster.ts'
import { blockOf } from '../block.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { serverLine, stateOf } from '../server-line.ts'
import { isVariableName } from '../variables.ts'
import { type Context, type Form, type FormInput, type Part, partOf } from './form.ts'

const missing = ({ modules, flavor, isUnpatched }: Features): string | null => {
  if (!modules.has('jvm_route')) return 'modules: [jvm_route]'
  if (flavor === 'nginx-plus' && !isUnpatched)
    return 'unpatched: true (NGINX Plus cannot be patched)'
  return null
}

/** The parameters of a patched nginx. */
const params = ({ route, maxBusy }: Server): string[] =>
  maxBusy === null || maxBusy === 0
    ? [`srun_id=${route}`]
    : [`srun_id=${route}`, `max_busy=${maxBusy}`]

const write = (affinity: JvmRouteAffinity, { upstream, features, zone }: Context): Part => {
  const { servers } = upstream
  const block = {
    ...blockOf(upstream, features, zone),
    servers: servers.map((server) =>
      serverLine(server, stateOf(server), features.isUnpatched ? [] : params(server)),
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
    ...partOf(block),
    logged: { route: '$jvm_route', routeStatus: '$jvm_route_status' },
    ignoresChecks: 'the jvm_route module',
  }
}

/** Our own module: it wraps the balancing method and keeps all that nginx can say of a server. */
export const jvmRouteModule = ({ affinity, features }: FormInput<JvmRouteAffinity>): Form => ({
  via: 'module',
  title: 'the jvm_route module',
  missing: missing(features),
  limits: {
    balance: 'any',
    backup: true,
    // Without the patch `drain` is nginx's own word, or none.
    drain: !features.isUnpatched || features.sticky?.drain === true,
    strict: true,
    zone: true,
    maxConns: true,
    maxBusy: !features.isUnpatched,
    routes: true,
  },
  refusals: () =>
    isVariableName(affinity.cookie)
      ? []
      : [
          report(
            'nginx-cookie-name',
            atValue([...affinity.path, 'cookie']),
            `the jvm_route module cannot name the cookie "${affinity.cookie}": $cookie_${affinity.cookie} is no variable`,
            'use letters, digits and "_", or via: maps',
          ),
        ],
  write: (context) => write(affinity, context),
})
