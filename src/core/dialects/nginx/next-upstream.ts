import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { atLeast } from '../../model/version.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { milliseconds } from './units.ts'
import type { ProxyView } from './views.ts'

const since: Readonly<Record<string, string>> = { non_idempotent: '1.9.13', http_429: '1.11.13' }

export const nextUpstreamProblems = (
  { nextUpstream }: Upstream,
  features: Features,
): readonly Diagnostic[] => {
  if (nextUpstream === null) return []
  const { on, path } = nextUpstream
  return on.flatMap((word, index) => {
    const at = atValue([...path, 'on', index])
    if (word === 'off' && on.length > 1)
      return [
        report(
          'nginx-next-upstream',
          at,
          '"off" cannot be had beside reasons to go on',
          'keep "off" or the others',
        ),
      ]
    const version = since[word]
    if (version === undefined || atLeast(features.core, version)) return []
    return [
      report(
        'nginx-next-upstream',
        at,
        `${features.label} does not know "${word}"`,
        `it came with nginx ${version}`,
      ),
    ]
  })
}

/** When a request goes on to the next server, and how often. */
export const nextUpstreamView = ({
  nextUpstream,
}: Upstream): Pick<ProxyView, 'nextUpstream' | 'tries' | 'timeout'> => ({
  nextUpstream: [...new Set(nextUpstream?.on)],
  tries: nextUpstream?.tries == null ? null : String(nextUpstream.tries),
  timeout: nextUpstream?.timeoutMs == null ? null : milliseconds(nextUpstream.timeoutMs),
})
