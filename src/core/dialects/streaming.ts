import type { Findings } from '../diagnostics/findings.ts'
import { withoutEffect } from '../fields.ts'
import type { Frontend } from '../model/cluster.ts'

/** For proxies that pass on requests and answers as they arrive. */
export const noteBuffering = (
  { locations, settings }: Frontend,
  target: string,
  findings: Findings,
): void => {
  for (const each of [settings, ...locations.map((location) => location.settings)])
    for (const buffering of [each.requestBuffering, each.responseBuffering]) {
      if (buffering === null || !buffering.isOn) continue
      withoutEffect(findings, buffering.path, target, `${target} passes on data as it arrives`)
    }
}
