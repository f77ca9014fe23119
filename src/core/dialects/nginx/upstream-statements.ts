import type { SnippetView } from '../../snippets/marked.ts'
import type { UpstreamView } from './upstream-block.ts'

/** A directive to write; its words are not quoted yet. */
export interface Statement {
  readonly name: string
  readonly args: readonly string[]
}

const flag = (isSet: boolean, name: string): readonly Statement[] =>
  isSet ? [{ name, args: [] }] : []

const list = (
  args: readonly string[] | null,
  name: string,
  kind: readonly string[] = [],
): readonly Statement[] => (args === null ? [] : [{ name, args: [...kind, ...args] }])

/** What the block needs besides its method, its servers and their affinity. */
const settingsBefore = ({ zone, resolver }: UpstreamView): readonly Statement[] => [
  ...list(zone && [zone.name, zone.size], 'zone'),
  ...list(resolver, 'resolver'),
]

/** Methods that must come before the servers. */
const methods = (view: UpstreamView): readonly Statement[] => [
  ...flag(view.isIpHash, 'ip_hash'),
  ...flag(view.isLeastConn, 'least_conn'),
  ...flag(view.isRandom, 'random'),
  ...list(view.hash && [view.hash.key, ...(view.hash.consistent ? ['consistent'] : [])], 'hash'),
  ...list(view.stickyNg, 'sticky'),
]

const affinity = (view: UpstreamView): readonly Statement[] => {
  const { jvmRoute } = view
  return [
    ...view.routes.map(({ route, address }) => ({ name: 'srun_id', args: [route, address] })),
    ...list(
      jvmRoute && [
        jvmRoute.session,
        ...(jvmRoute.reverse ? ['reverse'] : []),
        ...(jvmRoute.strict ? ['strict'] : []),
      ],
      'jvm_route',
    ),
    ...list(view.stickyCookie, 'sticky', ['cookie']),
    ...list(view.stickyRoute, 'sticky', ['route']),
    ...list(view.stickyLearn, 'sticky', ['learn']),
    ...(view.isStickyStrict ? [{ name: 'sticky_strict', args: ['on'] }] : []),
    ...list(view.sessionSticky, 'session_sticky'),
  ]
}

const settingsAfter = ({
  check,
  keepalive,
  keepaliveTimeout,
}: UpstreamView): readonly Statement[] => [
  ...list(check === null ? null : check.params, 'check'),
  ...(check === null || check.send === null
    ? []
    : [
        { name: 'check_http_send', args: [check.send] },
        { name: 'check_http_expect_alive', args: check.alive },
      ]),
  ...list(keepalive === null ? null : [keepalive], 'keepalive'),
  ...list(keepaliveTimeout === null ? null : [`${keepaliveTimeout}s`], 'keepalive_timeout'),
]

/** The directives of an upstream block, in the order in which nginx needs them. */
export interface UpstreamStatements {
  readonly settingsBefore: readonly Statement[]
  readonly methods: readonly Statement[]
  readonly servers: readonly Statement[]
  readonly affinity: readonly Statement[]
  readonly settingsAfter: readonly Statement[]
}

export const upstreamStatements = (view: UpstreamView): UpstreamStatements => ({
  settingsBefore: settingsBefore(view),
  methods: methods(view),
  servers: view.servers.map(({ address, params }) => ({
    name: 'server',
    args: [address, ...params],
  })),
  affinity: affinity(view),
  settingsAfter: settingsAfter(view),
})

export const allStatements = (of: UpstreamStatements): readonly Statement[] => [
  ...of.settingsBefore,
  ...of.methods,
  ...of.servers,
  ...of.affinity,
  ...of.settingsAfter,
]

/** For templates/nginx/partials/upstream.hbs. */
export interface UpstreamBlockView {
  readonly name: string
  readonly pinnedTo: string | null
  readonly statements: readonly Statement[]
  readonly snippets: readonly SnippetView[]
}

export const upstreamBlockView = (view: UpstreamView): UpstreamBlockView => ({
  name: view.name,
  pinnedTo: view.pinnedTo,
  statements: allStatements(upstreamStatements(view)),
  snippets: view.snippets,
})
