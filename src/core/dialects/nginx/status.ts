import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../fields.ts'
import type { Location, Upstream } from '../../model/cluster.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { Part } from './forms/form.ts'
import type { StatusView } from './views.ts'

const none: StatusView = {
  jvmRoute: null,
  isPlusApi: false,
  angieApi: null,
  isCheck: false,
  isVts: false,
  isStub: false,
}

/** The page that tells most about an upstream on this target. */
export const statusView = (upstream: Upstream, features: Features, part: Part): StatusView => {
  const [block] = part.upstreams
  if (block && block.jvmRoute !== null) return { ...none, jvmRoute: block.name }
  if (features.flavor === 'nginx-plus') return { ...none, isPlusApi: true }
  if (features.flavor === 'angie' && !part.isVariable)
    return { ...none, angieApi: `/status/http/upstreams/${part.passTo}/` }
  if (upstream.check !== null && features.modules.has('upstream_check'))
    return { ...none, isCheck: true }
  if (features.modules.has('vts')) return { ...none, isVts: true }
  return { ...none, isStub: true }
}

/** What a status location does not show, or shows besides. */
export const statusProblems = (
  { path }: Location,
  view: StatusView,
  features: Features,
  isOnlyUpstream: boolean,
): readonly Diagnostic[] => {
  const at = [...path, 'status']
  if (view.isStub)
    return [
      report(
        'nginx-status-connections',
        atValue(at),
        `${features.label} shows how many connections there are (stub_status), but nothing about this upstream's servers`,
        'the modules jvm_route (with that affinity), vts and upstream_check (with a check) show them; NGINX Plus and Angie as well',
      ),
    ]
  const isOfOne = view.jvmRoute !== null || view.angieApi !== null
  return isOfOne || isOnlyUpstream
    ? []
    : [notFollowed(at, features.label, `its page shows every upstream`)]
}
