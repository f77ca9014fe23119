const isServers = (path: readonly string[]): boolean =>
  path[0] === 'upstreams' && path.length === 3 && path[2] === 'servers'

const canonical = (value: unknown, path: readonly string[]): unknown => {
  if (Array.isArray(value))
    return value.map((item, index) => canonical(item, [...path, String(index)]))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([key, item]) => [key, canonical(item, [...path, key])] as const,
  )
  // The order of servers is configuration; every other order of keys is handwriting.
  return isServers(path)
    ? entries
    : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** JSON in which two specs of the same meaning are the same text. */
export const canonicalJson = (spec: unknown): string => JSON.stringify(canonical(spec, []))
