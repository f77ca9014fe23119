import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Upstream } from '../../model/cluster.ts'
import { atLeast } from '../../model/version.ts'
import { report } from './codes.ts'
import { duration } from './durations.ts'
import type { Features } from './features.ts'

const since: Readonly<Record<string, string>> = { non_idempotent: '1.9.13', http_429: '1.11.13' }

export const checkNextUpstream = (
  { nextUpstream }: Upstream,
  features: Features,
  findings: Findings,
): void => {
  if (nextUpstream === null) return
  const { on, path } = nextUpstream
  for (const [index, condition] of on.entries()) {
    const at = atValue([...path, 'on', index])
    const version = since[condition]
    if (condition === 'off' && on.length > 1) {
      report(
        findings,
        'nginx-next-upstream',
        at,
        '"off" cannot be combined with other conditions',
        'keep "off" or the others',
      )
    } else if (version !== undefined && !atLeast(features.base, version)) {
      report(
        findings,
        'nginx-next-upstream',
        at,
        `${features.label} does not support the condition "${condition}"`,
        `use nginx ${version} or later, or remove it`,
      )
    }
  }
}

/** The proxy_next_upstream directives. */
export const nextUpstreamView = ({ nextUpstream }: Upstream) => ({
  nextUpstream: [...new Set(nextUpstream?.on)],
  tries: nextUpstream?.tries == null ? null : String(nextUpstream.tries),
  timeout: nextUpstream?.timeoutMs == null ? null : duration(nextUpstream.timeoutMs),
})
