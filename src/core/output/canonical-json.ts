type Place = 'spec' | 'upstreams' | 'upstream' | 'servers' | 'elsewhere'

const below = (place: Place, key: string): Place => {
  if (place === 'spec') return key === 'upstreams' ? 'upstreams' : 'elsewhere'
  if (place === 'upstreams') return 'upstream'
  return place === 'upstream' && key === 'servers' ? 'servers' : 'elsewhere'
}

const canonical = (value: unknown, place: Place): unknown => {
  if (Array.isArray(value)) return value.map((item) => canonical(item, 'elsewhere'))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([key, item]) => [key, canonical(item, below(place, key))] as const,
  )
  // The order of servers is configuration; every other order of keys is handwriting.
  return place === 'servers'
    ? entries
    : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** JSON in which two specs of the same meaning are the same text. */
export const canonicalJson = (spec: unknown): string => JSON.stringify(canonical(spec, 'spec'))
