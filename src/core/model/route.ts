import { createHash } from 'node:crypto'

const longestRoute = 32
const digestLength = 8

/**
 * The route of a server without a route in the spec: its name, if that is a valid route. It depends on the
 * name only, so that it does not change when other servers are added or removed.
 */
export const routeFor = (name: string): string => {
  const plain = name.replaceAll('.', '-')
  if (plain.length <= longestRoute) return plain
  const digest = createHash('sha256').update(name).digest('hex').slice(0, digestLength)
  return `${plain.slice(0, longestRoute - digestLength - 1)}-${digest}`
}
