import * as z from 'zod'
import { atLeast, parseVersion } from '../../../core/model/version.ts'

const release = z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/)

const seriesSchema = z.object({
  format: z.literal(1),
  patches: z.array(
    z.object({
      id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i),
      /** Beside series.json. */
      file: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i),
      kind: z.enum(['hook', 'compat']),
      from: release,
      through: release.nullable(),
      reason: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** -p of patch(1). */
      strip: z.number().int().min(0).max(8),
    }),
  ),
})

/** Our own patches for nginx, with the releases that each is for. */
export type Series = z.output<typeof seriesSchema>
export type SeriesPatch = Series['patches'][number]

/** @returns null for a text that is no series: the package is damaged. */
export const parseSeries = (text: string): Series | null => {
  try {
    return seriesSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const isWithin = ({ from, through }: SeriesPatch, release: string): boolean => {
  const version = parseVersion(release)
  return atLeast(version, from) && (through === null || atLeast(parseVersion(through), release))
}

/** The patches of the series that are for a release, in their order. */
export const patchesFor = (series: Series, release: string): readonly SeriesPatch[] =>
  series.patches.filter((patch) => isWithin(patch, release))

/** `1.9.0 to 1.13.5`, or `1.27.3 and later`. */
export const rangeText = ({ from, through }: SeriesPatch): string =>
  through === null ? `${from} and later` : from === through ? from : `${from} to ${through}`
