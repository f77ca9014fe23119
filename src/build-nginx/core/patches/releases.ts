import { atLeast, parseVersion } from '../../../core/model/version.ts'
import type { Series, SeriesPatch } from './series.ts'

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
