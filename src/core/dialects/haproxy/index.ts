import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { HaproxyTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import type { Dialect, Rendering } from '../dialect.ts'
import { report } from './codes.ts'
import { featuresOf, oldest } from './features.ts'
import { looksBesideCrt } from './frontends/certificates.ts'
import { haproxyComment, haproxyWord } from './quote.ts'
import { viewOf } from './view.ts'

const targetOf = ({ targets }: Cluster): HaproxyTarget | undefined =>
  targets.find((target) => target.dialect === 'haproxy')

const render = (cluster: Cluster): Rendering => {
  const target = targetOf(cluster)
  if (!target) return { pages: [], diagnostics: [] }
  const { version, path } = target
  const findings: Diagnostic[] = []
  if (!atLeast(version, oldest)) {
    findings.push(
      report(
        'haproxy-version',
        atValue([...path, 'version']),
        `HAProxy ${version.text} is too old to write for`,
        `${oldest} or newer`,
      ),
    )
  }
  const features = featuresOf(version)
  const view = viewOf({
    cluster,
    version,
    features,
    upstreamNames: new Set(cluster.upstreams.map(({ name }) => name)),
    looksBesideCrt: looksBesideCrt(cluster, features),
    findings,
  })
  return {
    pages: [{ kind: 'template', path: 'haproxy/haproxy.cfg', template: 'haproxy/haproxy', view }],
    diagnostics: findings,
  }
}

/** HAProxy 2.2 and later: one complete haproxy.cfg. */
export const haproxy: Dialect = {
  name: 'haproxy',
  isWanted: (cluster) => targetOf(cluster) !== undefined,
  inputs: () => [],
  render: (cluster, _inputs, findings) => {
    const { pages, diagnostics } = render(cluster)
    findings.addAll(diagnostics)
    return pages
  },
  escapes: { haproxy: haproxyWord, haproxyComment },
}
