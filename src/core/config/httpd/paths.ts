import { byBytes, globMatches, hasWildcard, pathBelow } from '../glob.ts'

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

/** Where packages have the files of httpd, and where httpd.conf is from there. */
const usualRoots = [
  ['/etc/apache2', '.'],
  ['/usr/local/etc/apache24', '.'],
  ['/etc/httpd', '..'],
  ['/usr/local/apache2', '..'],
] as const

/**
 * A path in the usual folder of httpd, in a copy of this folder elsewhere.
 * @param folder of the main file.
 */
export const inCopy = (folder: string, path: string): string => {
  const usual = usualRoots.find(([root]) => `${path}/`.startsWith(`${root}/`))
  if (usual === undefined || `${folder}/`.startsWith(`${usual[0]}/`)) return path
  const [root, fromMain] = usual
  return pathBelow(folder, `${fromMain}${path.slice(root.length)}`)
}
