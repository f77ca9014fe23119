import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import type { Run } from '../run.ts'
import { type Application, applicationOf } from './application.ts'
import type { Form } from './form.ts'
import { haproxyForm } from './haproxy.ts'
import { httpdForm } from './httpd.ts'
import { inherited, type Learned } from './learned.ts'
import { nginxForm } from './nginx.ts'

/** An upstream as one proxy serves it, in the form that `generate` writes. */
export interface Simulated extends Omit<Form, 'run' | 'memoryKey'> {
  readonly proxy: Target['dialect']
  readonly upstream: Upstream
  readonly application: Application
  /** Whether the proxy knows the address of the client where another proxy is in front of it. */
  readonly seesClients: boolean
  /** Starts the proxy, or reloads it: a reload keeps what was learned if the new form can. */
  readonly start: (before?: Started) => Started
}

/** A proxy that runs. Its models change with every request: whoever compares two futures starts twice. */
export interface Started {
  readonly run: Run
  readonly learned: Learned
}

/** Every frontend that sends requests to the upstream takes the address from another proxy. */
const seesClients = ({ frontends }: Cluster, upstream: Upstream): boolean => {
  const using = frontends.filter(({ locations }) =>
    locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
  )
  return (
    using.length > 0 &&
    using.every(
      ({ clientAddress, proxyProtocol }) => clientAddress !== null || proxyProtocol !== null,
    )
  )
}

const formOf = (cluster: Cluster, upstream: Upstream, target: Target): Form | null => {
  switch (target.dialect) {
    case 'nginx':
      return nginxForm(cluster, upstream, target)
    case 'haproxy':
      return haproxyForm(cluster, upstream, target)
    case 'httpd':
      return httpdForm(cluster, upstream, target)
  }
}

/**
 * The model of an upstream behind a target of the cluster.
 * @param upstream one of `cluster.upstreams`.
 * @returns null: the dialect refuses the upstream, with the errors of `generate`.
 */
export const simulatedUpstream = (
  cluster: Cluster,
  upstream: Upstream,
  target: Target,
): Simulated | null => {
  const form = formOf(cluster, upstream, target)
  if (form === null) return null
  const { title, servers, memoryKey } = form
  return {
    proxy: target.dialect,
    upstream,
    title,
    servers,
    application: applicationOf(upstream),
    seesClients: seesClients(cluster, upstream),
    start: (before) => {
      const learned = inherited(memoryKey, before?.learned ?? null)
      return { run: form.run(learned), learned }
    },
  }
}
