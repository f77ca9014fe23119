/** Hands out names that nothing else has; the wanted one where it is free. */
export interface Names {
  /** For upstream blocks and, as they share nothing else, for shared memory zones. */
  readonly upstream: (wanted: string) => string
  /** For variables, with their `$`. */
  readonly variable: (wanted: string) => string
  /** How many variables were handed out. */
  readonly variableCount: () => number
}

/** nginx compares both kinds of names without regard to case. */
const allocator = (taken: Iterable<string>, separator: string) => {
  const used = new Set([...taken].map((name) => name.toLowerCase()))
  /** How far each name is counted. */
  const counts = new Map<string, number>()
  return {
    used,
    next: (wanted: string): string => {
      let name = wanted
      let count = counts.get(wanted.toLowerCase()) ?? 1
      while (used.has(name.toLowerCase())) name = `${wanted}${separator}${++count}`
      counts.set(wanted.toLowerCase(), count)
      used.add(name.toLowerCase())
      return name
    },
  }
}

/** Names longer than 46 characters do not fit into nginx's variables hash as it comes. */
const longestVariable = 42

/** `upstreams`: the names in the spec, which stay as they are. */
export const createNames = (upstreams: Iterable<string>): Names => {
  const blocks = allocator(upstreams, '-')
  const variables = allocator([], '_')
  const variableName = (wanted: string): string =>
    wanted
      .replace(/[^A-Za-z0-9]/g, '_')
      .toLowerCase()
      .slice(0, longestVariable)
      .replace(/_+$/, '')
  return {
    upstream: blocks.next,
    variable: (wanted) => `$${variables.next(variableName(wanted))}`,
    variableCount: () => variables.used.size,
  }
}
