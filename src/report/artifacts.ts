import type { Artifact } from '../core/render/artifact.ts'
import { visible, visibleLines } from './visible.ts'

/** One artifact as it is; several, for a person, each below a line with its path, as `head` and `tail` do. */
export const formatArtifacts = (artifacts: readonly Artifact[]): string => {
  const [first] = artifacts
  if (first && artifacts.length === 1) return first.text
  return artifacts
    .map(({ path, text }) => `==> ${visible(path)} <==\n${visibleLines(text)}`)
    .join('\n')
}
