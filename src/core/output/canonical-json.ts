type Place = 'spec' | 'upstreams' | 'upstream' | 'servers' | 'elsewhere'

const below = (place: Place, key: string): Place => {
  if (place === 'spec') return key === 'upstreams' ? 'upstreams' : 'elsewhere'
  if (place === 'upstreams') return 'upstream'
  return place === 'upstream' && key === 'servers' ? 'servers' : 'elsewhere'
}

const canonical = (value: unknown, place: Place): unknown => {
  if (Array.isArray(value)) return value.map((item) => canonical(item, 'elsewhere'))
  if (typeof value !== 'object' || value === null) return value
  const inside = (key: string) => canonical(Reflect.get(value, key), below(place, key))
  const keys = Object.keys(value)
  // The order of servers is configuration; any other order of keys has no meaning.
  if (place === 'servers') return keys.map((key) => [key, inside(key)])
  const map: Record<string, unknown> = {}
  for (const key of keys.sort()) map[key] = inside(key)
  return map
}

/** JSON in which two specs of the same meaning are the same text. */
export const canonicalJson = (spec: unknown): string => JSON.stringify(canonical(spec, 'spec'))
