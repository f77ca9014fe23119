import type { Server } from '../model/cluster.ts'

/** nginx reads a word of 4,096 bytes at most, HAProxy before 2.4 a line of 2,048. */
const longest = 1400

/** The longest first: of an expression's alternatives the first that matches counts. */
export const byLength = (servers: readonly Server[]): readonly string[] =>
  servers.map(({ route }) => route).sort((a, b) => b.length - a.length || (a < b ? -1 : 1))

/**
 * An expression for the routes of all servers; null: they are too many for a line.
 * @param isWhole whether something else marks the end of the route.
 */
export const anyRoute = (servers: readonly Server[], isWhole: boolean): string | null => {
  // Not sorted where they do not fit anyhow: there may be 10,000.
  const length = servers.reduce((sum, { route }) => sum + route.length + 1, 0)
  if (length > longest) return null
  return (isWhole ? servers.map(({ route }) => route) : byLength(servers)).join('|')
}
