import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { HttpdTarget } from '../../model/target.ts'
import type { Version } from '../../model/version.ts'
import { snippetsOf } from '../../snippets/all.ts'
import { checkSnippets } from '../../snippets/check.ts'
import { snippetInputs } from '../../snippets/files.ts'
import type { Dialect, Inputs, Page } from '../dialect.ts'
import { upgradedUpstreams } from '../upgrades.ts'
import { balancerOf } from './balancers/index.ts'
import { type BalancerView, balancerView } from './balancers/lines.ts'
import { basePages } from './base/pages.ts'
import { httpdChoice } from './choice.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'
import { type HostView, hostViews, type RefusalView, refusalViews } from './hosts/index.ts'
import { type ListenView, listenViews } from './hosts/listeners.ts'
import { type CachesView, cachesView } from './hosts/tls.ts'
import { supportsUpgrades } from './hosts/upgrades.ts'
import { checkNames } from './names.ts'
import { httpdVariable, httpdWord } from './quote.ts'
import { httpdSnippets } from './snippets/language.ts'
import { httpdSnippet } from './snippets/views.ts'

/** templates/httpd/hosts.hbs */
export interface HostsView {
  readonly name: string
  readonly modules: readonly string[]
  readonly caches: CachesView
  readonly balancers: readonly BalancerView[]
  readonly refusals: readonly RefusalView[]
  readonly hosts: readonly HostView[]
}

/** templates/httpd/ports.hbs */
export interface PortsView {
  readonly name: string
  readonly listens: readonly ListenView[]
}

/** Without `mod_`; for any proxy with a balancer. */
const always = [
  ...['authz_core', 'headers', 'proxy', 'proxy_balancer', 'proxy_http'],
  ...['slotmem_shm'],
]

export const viewsOf = (context: Context): { hosts: HostsView; ports: PortsView } => {
  checkNames(context)
  const { name } = context.cluster
  const balancers = context.cluster.upstreams.map((upstream) =>
    balancerView(balancerOf(upstream, context)),
  )
  const hosts = hostViews(context)
  const refusals = refusalViews(context)
  const modules = [...new Set([...always, ...context.modules])].sort()
  return {
    hosts: { name, modules, caches: cachesView(context.cluster), balancers, refusals, hosts },
    ports: { name, listens: listenViews(context) },
  }
}

const targetOf = ({ targets }: Cluster): HttpdTarget | undefined =>
  targets.find((target) => target.dialect === 'httpd')

/** Since 2.4.39 slashes are merged before locations are looked for; "2.4" alone is the newest. */
const oldestPatch = 39

const isKnown = ({ text, parts: [major, minor, patch] }: Version): boolean =>
  major === 2 && minor === 4 && (patch >= oldestPatch || text === '2.4')

const contextOf = (cluster: Cluster, version: Version): Omit<Context, 'findings'> => ({
  cluster,
  version,
  upgraded: supportsUpgrades(version) ? upgradedUpstreams(cluster) : new Set(),
  modules: new Set(),
})

const hasBase = (target: HttpdTarget): target is HttpdTarget & { readonly base: string } =>
  target.base !== null

const pagesOf = (
  cluster: Cluster,
  target: HttpdTarget,
  inputs: Inputs,
  findings: Findings,
): readonly Page[] => {
  const { version, path } = target
  if (!isKnown(version)) {
    report(
      findings,
      'httpd-version',
      atValue([...path, 'version']),
      `httpd ${version.text} is not supported`,
      `use httpd 2.4.${oldestPatch} or a later release of 2.4`,
    )
  }
  const context: Context = { ...contextOf(cluster, version), findings }
  if (hasBase(target)) {
    checkNames(context)
    return basePages(context, target, inputs)
  }
  const { hosts, ports } = viewsOf(context)
  checkSnippets(snippetsOf(cluster), httpdSnippets, findings)
  const file = `httpd/${cluster.name}`
  return [
    { kind: 'template', path: `${file}.conf`, template: 'httpd/hosts', view: hosts },
    { kind: 'template', path: `${file}.ports.conf`, template: 'httpd/ports', view: ports },
  ]
}

/** Apache httpd 2.4: balancers, virtual hosts and ports, or an existing file with the balancers of the spec. */
export const httpd: Dialect = {
  name: 'httpd',
  isWanted: (cluster) => targetOf(cluster) !== undefined,
  inputs: (cluster) => {
    const { base = null, path = [] } = targetOf(cluster) ?? {}
    const files = snippetInputs(cluster, 'httpd')
    return base === null
      ? files
      : [...files, { kind: 'httpd', path: base, at: atValue([...path, 'base']) }]
  },
  render: (cluster, inputs, findings) => {
    const target = targetOf(cluster)
    return target === undefined ? [] : pagesOf(cluster, target, inputs, findings)
  },
  choose: (cluster, upstream) => {
    const target = targetOf(cluster)
    return target === undefined ? null : httpdChoice(upstream, contextOf(cluster, target.version))
  },
  escapes: { httpd: httpdWord, httpdSnippet, httpdVariable },
  snippets: httpdSnippets,
}
