import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { blockOf } from '../block.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { serverLine, stateOf } from '../server-line.ts'
import type { UpstreamView } from '../views.ts'
import { type Context, type Form, type Part, partOf } from './form.ts'

/** From which release on a product of this flavor has `sticky`. */
export const stickySince = ({ flavor }: Features): string => {
  if (flavor === 'angie') return 'Angie 1.2.0'
  return flavor === 'tengine' ? 'Tengine 3.2.0' : 'nginx 1.29.6'
}

/** What goes on to the next server when a drained one is dead. */
const othersThan = ({ affinity }: Upstream): string => {
  if (affinity.method === 'jvm_route') return 'the jvm_route module and via: maps go on'
  const hasMaps = affinity.method === 'sticky' && affinity.by === 'route'
  return hasMaps ? 'via: maps goes on' : 'HAProxy goes on'
}

/**
 * A pinned request whose drained server is dead gets 502 from nginx's own sticky: drained servers
 * are not counted among those to try (seen on 1.30.4).
 */
const drainWarnings = ({ upstream, features }: Context): Diagnostic[] =>
  features.flavor === 'angie' || features.flavor === 'nginx-plus'
    ? []
    : upstream.servers
        .filter(({ state }) => state === 'drain')
        .map(({ name, path }) =>
          report(
            'nginx-drain-dead',
            atValue([...path, 'state']),
            `when the drained "${name}" dies, its sessions get 502: nginx's own sticky tries no other server for them`,
            `write state: down as soon as it is gone; ${othersThan(upstream)} to the next server`,
          ),
        )

const write = (
  affinity: Exclude<Affinity, { method: 'none' }>,
  sticky: Partial<UpstreamView>,
  context: Context,
): Part => {
  const { upstream, features, zone } = context
  const parameter = features.sticky?.parameter ?? 'route'
  const block = {
    ...blockOf(upstream, features, zone),
    ...sticky,
    servers: upstream.servers.map((server) =>
      serverLine(server, stateOf(server), [`${parameter}=${server.route}`]),
    ),
    isStickyStrict: affinity.onFailure === 'strict',
  }
  return { ...partOf(block), warnings: drainWarnings(context) }
}

/** The `sticky` directive that nginx ≥ 1.29.6, NGINX Plus and Angie have built in. */
export const nativeForm = (
  affinity: Exclude<Affinity, { method: 'none' }>,
  features: Features,
  refusals: () => readonly Diagnostic[],
  sticky: (context: Context) => Pick<Part, 'maps'> & {
    readonly block: Partial<UpstreamView>
    /** The variable of the route, where there is one. */
    readonly route?: string
    readonly diagnostics?: readonly Diagnostic[]
  },
): Form => ({
  via: 'native',
  title: `the sticky of ${features.label}`,
  missing: features.sticky === null ? stickySince(features) : null,
  limits: {
    balance: 'any',
    backup: true,
    drain: features.sticky?.drain ?? false,
    strict: features.sticky?.strict ?? false,
    zone: true,
    maxConns: true,
    maxBusy: false,
    routes: true,
  },
  refusals,
  write: (context) => {
    const { maps, block, route = null, diagnostics = [] } = sticky(context)
    const routeStatus = features.sticky?.statusVariable ?? null
    const part = write(affinity, block, context)
    const warnings = [...diagnostics, ...part.warnings]
    return { ...part, maps, logged: { route, routeStatus }, warnings }
  },
})
