import { createHash } from 'node:crypto'

const longestRoute = 32
const digestLength = 8

/**
 * The route of a server whose spec gives none: its name, where that can be one. It follows from the
 * name alone, so that it stays the same when other servers come and go.
 */
export const routeFor = (name: string): string => {
  const plain = name.replaceAll('.', '-')
  if (plain.length <= longestRoute) return plain
  const digest = createHash('sha256').update(name).digest('hex').slice(0, digestLength)
  return `${plain.slice(0, longestRoute - digestLength - 1)}-${digest}`
}
