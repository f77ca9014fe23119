import type { Artifact } from '../render/artifact.ts'

export interface Spot {
  /** null: a file of the stage that is no artifact. */
  readonly path: string | null
  readonly line: number | null
}

const lineCount = (text: string): number => text.split('\n').length

/**
 * Places in the stage → places in the artifacts that are written. Line numbers are handed on where
 * the staged file has as many lines as the artifact: staging changes words, not lines.
 */
export const spotFinder = (
  folder: string,
  staged: readonly Pick<Artifact, 'path' | 'text'>[],
  artifacts: readonly Pick<Artifact, 'path' | 'text'>[],
): ((file: string, line: number | null) => Spot) => {
  const written = new Map(artifacts.map(({ path, text }) => [path, text]))
  const hasSameLines = new Map(
    staged.map(({ path, text }) => {
      const real = written.get(path)
      return [path, real !== undefined && lineCount(real) === lineCount(text)]
    }),
  )
  return (file, line) => {
    const path = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file
    if (!written.has(path)) return { path: null, line: null }
    return { path, line: hasSameLines.get(path) === true ? line : null }
  }
}
