import { type BalancerView, balancerViews } from './balancers/index.ts'
import type { Context } from './context.ts'
import { type HostView, hostViews, type RefusalView, refusalViews } from './hosts/index.ts'
import { type ListenView, listenViews } from './hosts/listeners.ts'
import { checkNames } from './names.ts'

/** templates/httpd/hosts.hbs */
export interface HostsView {
  readonly name: string
  readonly modules: readonly string[]
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
  const balancers = balancerViews(context)
  const hosts = hostViews(context)
  const refusals = refusalViews(context)
  const modules = [...new Set([...always, ...context.modules])].sort()
  return {
    hosts: { name, modules, balancers, refusals, hosts },
    ports: { name, listens: listenViews(context) },
  }
}
