/** Keys of the spec whose values are addresses, in every form that a value may have. */
const addresses = new Set(['address', 'listen', 'syslog', 'addresses', 'servers'])
const files = new Set([
  'certificate',
  'key',
  'path',
  'root',
  'directory',
  'file',
  'base',
  'contextBase',
  'webapp',
])

/** A form of its own for each value, so that what is left can be told. */
const numbered = () => {
  let count = 0
  return (): number => {
    count += 1
    return count % 250
  }
}

const isAddress = (text: string): boolean => /^unix:|:\d+$/.test(text)

const markAddress = (text: string, next: () => number): string =>
  text.startsWith('unix:')
    ? `unix:/marked/${next()}.sock`
    : text.replace(/^.*:(\d+)$/, (_all, port: string) => `192.0.2.${next()}:${Number(port) + 9000}`)

/** The spec with every address and every file marked. */
export const markPlaces = (spec: unknown): unknown => {
  const next = numbered()
  const visit = (value: unknown, key: string, parent: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => visit(item, key, parent))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, visit(item, name, key)]),
      )
    if (typeof value !== 'string') return value
    // A cookie's path, and the key of a hash, are no files.
    const isFile = files.has(key) && !['affinity', 'cookie'].includes(parent)
    if (isFile && /^\/|^[\w.]+$/.test(value)) return `/marked/${next()}`
    if ((addresses.has(key) || addresses.has(parent)) && isAddress(value))
      return markAddress(value, next)
    return key === 'url' && value.startsWith('jdbc:')
      ? `jdbc:postgresql://192.0.2.${next()}:5432/shop?sslrootcert=/marked/${next()}`
      : value
  }
  return visit(spec, '', '')
}

/** The marks in a text. */
export const marksIn = (text: string): readonly string[] =>
  text.match(/192\.0\.2\.\d+(?::\d+)?|\/marked\/[\w.]+/g) ?? []
