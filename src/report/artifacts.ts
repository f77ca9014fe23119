import type { Artifact } from '../core/render/artifact.ts'

/** One artifact as it is; several each below a line with its path, as `head` and `tail` do. */
export const formatArtifacts = (artifacts: readonly Artifact[]): string => {
  const [first] = artifacts
  if (first && artifacts.length === 1) return first.text
  return artifacts.map(({ path, text }) => `==> ${path} <==\n${text}`).join('\n')
}
