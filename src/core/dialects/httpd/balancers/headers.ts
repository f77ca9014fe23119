import { notFollowed, withoutEffect } from '../../../fields.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Version } from '../../../model/version.ts'
import { locationsOf } from '../../server-timeouts.ts'
import type { Context } from '../context.ts'

const standardBytes = 8192

/** `responsefieldsize`; "2.4" alone is the newest release. */
const oldestPatch = 34

const hasFieldSize = ({ parts, text }: Version): boolean =>
  text === '2.4' || parts[2] >= oldestPatch

/** `responsefieldsize`: with a longer header in an answer, httpd answers 502. null: the default. */
export const responseFieldSize = (upstream: Upstream, context: Context): number | null => {
  const { cluster, findings, version } = context
  const settings = locationsOf(cluster, upstream).map(({ location }) => location.settings)
  const buffers = [...new Set(settings.flatMap(({ headerBuffer }) => headerBuffer ?? []))]
  const largest = Math.max(standardBytes, ...buffers.map(({ bytes }) => bytes))
  const isHttp = upstream.protocol === 'http' || upstream.protocol === 'https'
  const isFollowed = isHttp && hasFieldSize(version)
  for (const { bytes, path } of buffers) {
    if (bytes <= standardBytes)
      withoutEffect(findings, path, 'httpd', 'it accepts headers of up to 8 KiB each')
    else if (!isHttp)
      notFollowed(
        findings,
        path,
        'httpd',
        `with protocol: ${upstream.protocol} a header has at most 8 KiB`,
      )
    else if (!isFollowed)
      notFollowed(
        findings,
        path,
        `httpd ${version.text}`,
        'a header of an answer has at most 8 KiB in this release',
        `use httpd 2.4.${oldestPatch} or later`,
      )
    else if (bytes < largest)
      withoutEffect(
        findings,
        path,
        'httpd',
        `all answers of "${upstream.name}" have one such size, the largest one`,
      )
  }
  return isFollowed && largest > standardBytes ? largest : null
}
