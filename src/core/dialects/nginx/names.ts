/** Hands out unique names: the requested one if it is not in use. */
export interface Names {
  /** For upstream blocks and shared memory zones. */
  readonly upstream: (requested: string) => string
  /** For variables, with their `$`. */
  readonly variable: (requested: string) => string
  readonly variableCount: () => number
}

/** nginx compares both kinds of names without regard to case. */
const allocator = (taken: Iterable<string>, separator: string) => {
  const used = new Set([...taken].map((name) => name.toLowerCase()))
  const lastNumbers = new Map<string, number>()
  return {
    used,
    next: (requested: string): string => {
      let name = requested
      let number = lastNumbers.get(requested.toLowerCase()) ?? 1
      while (used.has(name.toLowerCase())) name = `${requested}${separator}${++number}`
      lastNumbers.set(requested.toLowerCase(), number)
      used.add(name.toLowerCase())
      return name
    },
  }
}

/** Names of more than 46 characters do not fit into the default variables hash. */
const longestVariable = 42

export const variableName = (requested: string): string =>
  requested
    .replace(/[^A-Za-z0-9]/g, '_')
    .toLowerCase()
    .slice(0, longestVariable)
    .replace(/_+$/, '')

/** @param upstreams the names in the spec, which are used unchanged. */
export const createNames = (upstreams: Iterable<string>): Names => {
  const blocks = allocator(upstreams, '-')
  const variables = allocator([], '_')
  return {
    upstream: blocks.next,
    variable: (requested) => `$${variables.next(variableName(requested))}`,
    variableCount: () => variables.used.size,
  }
}
