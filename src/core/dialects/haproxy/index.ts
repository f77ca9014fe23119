import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { HaproxyTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import type { Dialect, Page } from '../dialect.ts'
import { report } from './codes.ts'
import { featuresOf, oldest } from './features.ts'
import { looksBesideCrt } from './frontends/certificates.ts'
import { haproxyComment, haproxyWord } from './quote.ts'
import { viewOf } from './view.ts'

const targetOf = ({ targets }: Cluster): HaproxyTarget | undefined =>
  targets.find((target) => target.dialect === 'haproxy')

const pagesOf = (
  cluster: Cluster,
  { version, path }: HaproxyTarget,
  findings: Findings,
): readonly Page[] => {
  if (!atLeast(version, oldest)) {
    report(
      findings,
      'haproxy-version',
      atValue([...path, 'version']),
      `HAProxy ${version.text} is too old to write for`,
      `${oldest} or newer`,
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
  return [{ kind: 'template', path: 'haproxy/haproxy.cfg', template: 'haproxy/haproxy', view }]
}

/** HAProxy 2.2 and later: one complete haproxy.cfg. */
export const haproxy: Dialect = {
  name: 'haproxy',
  isWanted: (cluster) => targetOf(cluster) !== undefined,
  inputs: () => [],
  render: (cluster, _inputs, findings) => {
    const target = targetOf(cluster)
    return target === undefined ? [] : pagesOf(cluster, target, findings)
  },
  escapes: { haproxy: haproxyWord, haproxyComment },
}
