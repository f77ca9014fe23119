import type { Artifact } from '../render/artifact.ts'
import { manifestPath } from './manifest.ts'
import { type Found, ownedBefore } from './plan.ts'

/** The files whose state a plan needs to know: the wanted ones, and those of the run before. */
export const concernedPaths = (
  artifacts: readonly Artifact[],
  manifestText: string | null,
): readonly string[] => {
  const before: Pick<Found, 'manifestText'> = { manifestText }
  const owned = ownedBefore(before)?.artifacts.map(({ path }) => path) ?? []
  return [...new Set([...artifacts.map(({ path }) => path), ...owned, manifestPath])]
}
