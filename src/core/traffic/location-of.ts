import { inOrder } from '../dialects/location-order.ts'
import type { Frontend, Location } from '../model/cluster.ts'

const matches = ({ match: { kind, pattern } }: Location, path: string): boolean => {
  switch (kind) {
    case '=':
      return path === pattern
    case 'prefix':
    case '^~':
      return path.startsWith(pattern)
    default:
      try {
        return new RegExp(pattern, kind === '~*' ? 'i' : '').test(path)
      } catch {
        // A PCRE expression that JavaScript does not support.
        return false
      }
  }
}

/** The location that nginx selects; a longer plain prefix wins over `^~`. */
export const locationOf = (path: string, { locations }: Frontend): Location | null =>
  inOrder(locations).find(
    ({ location, longer }) =>
      matches(location, path) && !longer.some((prefix) => path.startsWith(prefix)),
  )?.location ?? null
