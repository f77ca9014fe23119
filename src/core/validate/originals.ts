import type { Artifact } from '../render/artifact.ts'

export interface ArtifactPlace {
  /** null: a file of the stage that is no artifact. */
  readonly path: string | null
  readonly line: number | null
}

const lineCount = (text: string): number => text.split('\n').length

/**
 * Places in the stage → places in the artifacts that are written. Line numbers are handed on where
 * the staged file has as many lines as the artifact: staging changes words, not lines.
 */
export const placeFinder = (
  folder: string,
  staged: readonly Pick<Artifact, 'path' | 'text'>[],
  artifacts: readonly Pick<Artifact, 'path' | 'text'>[],
): ((file: string, line: number | null) => ArtifactPlace) => {
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

/** Something that stands in for the real thing while the artifacts are checked. */
export interface Replacement {
  readonly staged: string
  readonly original: string
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Where the name of a longer thing goes on: `/stage/l1` is not found in `/stage/l12`. */
const end = '(?![A-Za-z0-9_])'

/** Makes the function that puts the originals back into what a tool said. */
export const restoreOriginals = (
  replacements: readonly Replacement[],
): ((text: string) => string) => {
  const originals = new Map(replacements.map(({ staged, original }) => [staged, original]))
  // The longest first: one may be the beginning of another.
  const longestFirst = [...originals.keys()].sort((a, b) => b.length - a.length)
  if (longestFirst.length === 0) return (text) => text
  const pattern = longestFirst
    .map((staged) => `${escaped(staged)}${/[A-Za-z0-9_]$/.test(staged) ? end : ''}`)
    .join('|')
  const found = new RegExp(pattern, 'g')
  return (text) => text.replace(found, (staged) => originals.get(staged) ?? staged)
}
