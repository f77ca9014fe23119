import type { Artifact } from '../render/artifact.ts'

export interface ArtifactPlace {
  /** null: a temporary file that is not an artifact. */
  readonly path: string | null
  readonly line: number | null
}

const lineCount = (text: string): number => text.split('\n').length

/**
 * Makes the function that finds the artifact, and the line in it, for a file and line of the temporary
 * folder. The line number is kept where both files have the same number of lines.
 */
export const placeFinder = (
  folder: string,
  relocated: readonly Pick<Artifact, 'path' | 'text'>[],
  artifacts: readonly Pick<Artifact, 'path' | 'text'>[],
): ((file: string, line: number | null) => ArtifactPlace) => {
  const written = new Map(artifacts.map(({ path, text }) => [path, text]))
  const hasSameLines = new Map(
    relocated.map(({ path, text }) => {
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

/** A path or address that is used during the check, and the one in the spec. */
export interface Replacement {
  readonly relocated: string
  readonly original: string
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** A longer name is not matched: `/stage/l1` is not found in `/stage/l12`. */
const end = '(?![A-Za-z0-9_])'

/** Makes the function that replaces temporary paths and addresses in the output of a tool. */
export const restoreOriginals = (
  replacements: readonly Replacement[],
): ((text: string) => string) => {
  const originals = new Map(replacements.map(({ relocated, original }) => [relocated, original]))
  // The longest first: one may begin with another.
  const longestFirst = [...originals.keys()].sort((a, b) => b.length - a.length)
  if (longestFirst.length === 0) return (text) => text
  const pattern = longestFirst
    .map((relocated) => `${escaped(relocated)}${/[A-Za-z0-9_]$/.test(relocated) ? end : ''}`)
    .join('|')
  const found = new RegExp(pattern, 'g')
  return (text) => text.replace(found, (relocated) => originals.get(relocated) ?? relocated)
}
