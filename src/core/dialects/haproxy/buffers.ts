import { withoutEffect } from '../../fields.ts'
import type { Context } from './context.ts'

/** `tune.bufsize` of HAProxy, and what it keeps free for rules that add headers (`tune.maxrewrite`). */
const standard = { bytes: 16_384, rewrite: 1024 }

/** HAProxy stores each header with its own description. */
const descriptions = 1024

/**
 * `tune.bufsize`; null: the default is large enough. A buffer has the headers of a request or an answer, and
 * all connections have buffers of one size.
 */
export const bufferSizeOf = ({ cluster, findings }: Context): number | null => {
  const settings = cluster.frontends.flatMap((frontend) => [frontend, ...frontend.locations])
  const buffers = [...new Set(settings.flatMap((each) => each.settings.headerBuffer ?? []))]
  const fitting = standard.bytes - standard.rewrite - descriptions
  const largest = Math.max(fitting, ...buffers.map(({ bytes }) => bytes))
  for (const { bytes, path } of buffers) {
    if (bytes <= fitting)
      withoutEffect(findings, path, 'HAProxy', 'its buffers have 16 KiB, enough for such headers')
    else if (bytes < largest)
      withoutEffect(
        findings,
        path,
        'HAProxy',
        'all buffers have one size, for the largest of these values',
      )
  }
  return largest === fitting ? null : largest + standard.rewrite + descriptions
}
