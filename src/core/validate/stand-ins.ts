/** Something that stands in for the real thing while the artifacts are checked. */
export interface StandIn {
  readonly staged: string
  readonly original: string
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Where the name of a longer thing goes on: `/stage/l1` is not found in `/stage/l12`. */
const end = '(?![A-Za-z0-9_])'

/** Makes the function that puts the originals back into what a tool said. */
export const originalsIn = (standIns: readonly StandIn[]): ((text: string) => string) => {
  const originals = new Map(standIns.map(({ staged, original }) => [staged, original]))
  // The longest first: one may be the beginning of another.
  const longestFirst = [...originals.keys()].sort((a, b) => b.length - a.length)
  if (longestFirst.length === 0) return (text) => text
  const pattern = longestFirst
    .map((staged) => `${escaped(staged)}${/[A-Za-z0-9_]$/.test(staged) ? end : ''}`)
    .join('|')
  const found = new RegExp(pattern, 'g')
  return (text) => text.replace(found, (staged) => originals.get(staged) ?? staged)
}
