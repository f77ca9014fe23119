import type { Artifact } from '../core/render/artifact.ts'
import { visible, visibleLines } from './visible.ts'

/** One artifact unchanged; several, each after a line with its path, as `head` and `tail` print them. */
export const formatArtifacts = (artifacts: readonly Artifact[]): string => {
  const [first] = artifacts
  if (first && artifacts.length === 1) return first.text
  return artifacts
    .map(({ path, text }) => `==> ${visible(path)} <==\n${visibleLines(text)}`)
    .join('\n')
}
