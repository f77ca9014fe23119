import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import type { Location, Upstream } from '../../model/cluster.ts'
import type { UpstreamConfiguration } from './affinity/implementation.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'

const none = {
  jvmRoute: null,
  isPlusApi: false,
  angieApi: null,
  isCheck: false,
  isVts: false,
  isStub: false,
}

/** The directives of a status page; one of them is set. */
export interface StatusView {
  readonly jvmRoute: string | null
  readonly isPlusApi: boolean
  readonly angieApi: string | null
  readonly isCheck: boolean
  readonly isVts: boolean
  readonly isStub: boolean
}

/** The page that shows most about an upstream in this target. */
export const statusView = (
  upstream: Upstream,
  features: Features,
  { isVariable, passTo, upstreams: [block] }: UpstreamConfiguration,
): StatusView => {
  if (block && block.jvmRoute !== null) return { ...none, jvmRoute: block.name }
  if (features.flavor === 'nginx-plus') return { ...none, isPlusApi: true }
  if (features.flavor === 'angie' && !isVariable)
    return { ...none, angieApi: `/status/http/upstreams/${passTo}/` }
  if (upstream.check !== null && features.modules.has('upstream_check'))
    return { ...none, isCheck: true }
  if (features.modules.has('vts')) return { ...none, isVts: true }
  return { ...none, isStub: true }
}

/** Reports what the status page of a location does not show, or shows in addition. */
export const checkStatus = (
  { action, path }: Location,
  features: Features,
  configurations: ReadonlyMap<Upstream, UpstreamConfiguration>,
  findings: Findings,
): void => {
  if (action.kind !== 'status') return
  const configuration = configurations.get(action.upstream)
  if (configuration === undefined) return
  const view = statusView(action.upstream, features, configuration)
  const at = [...path, 'status']
  if (view.isStub) {
    report(
      findings,
      'nginx-status-connections',
      atValue(at),
      `${features.label} shows the number of its connections (stub_status), but nothing about the servers of this upstream`,
      'use the modules jvm_route (with that affinity), vts or upstream_check (with a check), NGINX Plus or Angie',
    )
    return
  }
  const isOfOne = view.jvmRoute !== null || view.angieApi !== null
  if (!isOfOne && configurations.size > 1)
    notFollowed(
      findings,
      at,
      features.label,
      `the status page of ${features.label} shows every upstream`,
    )
}
