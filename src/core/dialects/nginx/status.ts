import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
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

/** nginx itself counts its connections, but says nothing about upstreams. */
export const statusProblems = (
  { path }: Location,
  view: StatusView,
  features: Features,
): readonly Diagnostic[] =>
  view.isStub
    ? [
        report(
          'nginx-status-connections',
          atValue([...path, 'status']),
          `${features.label} shows how many connections there are (stub_status), but nothing about this upstream's servers`,
          'the modules jvm_route (with that affinity), vts and upstream_check (with a check) show them; NGINX Plus and Angie as well',
        ),
      ]
    : []
