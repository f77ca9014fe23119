import { notFollowed, withoutEffect } from '../../../fields.ts'
import type { Frontend, Upstream } from '../../../model/cluster.ts'
import { locationsOf } from '../../server-timeouts.ts'
import type { Context } from '../context.ts'

const keyOf = (types: readonly string[] | undefined): string => (types ?? []).join(' ')

/** `compression type` of a backend; empty: no compression. HAProxy leaves compressed answers as they are. */
export const compressedTypes = (
  upstream: Upstream,
  { cluster, findings }: Context,
): readonly string[] => {
  const all = locationsOf(cluster, upstream).map(({ location }) => location.settings.compression)
  const [first] = all
  if (all.every((each) => keyOf(each?.types) === keyOf(first?.types))) return first?.types ?? []
  for (const compression of all)
    if (compression !== null)
      notFollowed(
        findings,
        compression.path,
        'HAProxy',
        `locations of "${upstream.name}" differ, and HAProxy compresses all answers of an upstream or none`,
        'write an upstream with the same servers for the locations with compression',
      )
  return []
}

/** Answers of HAProxy itself are not compressed. */
export const noteCompression = ({ locations, settings }: Frontend, { findings }: Context): void => {
  const others = locations.filter(({ action }) => action.kind !== 'proxy')
  const all = [
    ...(others.length === locations.length ? [settings] : []),
    ...others.map((location) => location.settings),
  ]
  for (const { compression } of all) {
    if (compression === null || compression.types.length === 0) continue
    if (compression === settings.compression && others.length < locations.length) continue
    const why = 'HAProxy compresses the answers of servers only'
    withoutEffect(findings, compression.path, 'HAProxy', why)
  }
}
