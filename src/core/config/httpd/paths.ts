import { byBytes, globMatches, hasWildcard } from '../glob.ts'

const byParts = (a: readonly string[], b: readonly string[]): number => {
  for (const [index, part] of a.entries()) {
    const difference = byBytes(part, b[index] ?? '')
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/**
 * Makes the function that finds the files of an `Include` in the order of httpd: of a folder, all files
 * below it, hidden ones too.
 */
export const pathFinder = (paths: Iterable<string>): ((pattern: string) => readonly string[]) => {
  const known = [...paths].map((path) => path.split('/')).sort(byParts)
  const whole = known.map((parts) => parts.join('/'))
  const files = new Set(whole)
  return (pattern) => {
    if (files.has(pattern)) return [pattern]
    const count = pattern.split('/').length
    const isFound = hasWildcard(pattern)
      ? (parts: readonly string[]) => globMatches(pattern, parts.slice(0, count).join('/'))
      : (_: readonly string[], path: string) => path.startsWith(`${pattern}/`)
    return whole.filter((path, index) => isFound(known[index] ?? [], path))
  }
}
