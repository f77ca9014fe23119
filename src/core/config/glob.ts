/** Whether a path has a wildcard of glob(3). */
export const hasWildcard = (path: string): boolean => /[*?[]/.test(path)

/** A class such as `[a-z]`, from after its bracket; null: the bracket is an ordinary character. */
const classAt = (
  pattern: string,
  from: number,
): { readonly end: number; readonly matches: (character: string) => boolean } | null => {
  const isNegated = /[!^]/.test(pattern.charAt(from))
  let at = isNegated ? from + 1 : from
  const ranges: (readonly [string, string])[] = []
  // A closing bracket at the beginning is a member.
  for (let isFirst = true; at < pattern.length; isFirst = false) {
    let character = pattern.charAt(at)
    if (character === ']' && !isFirst) {
      const matches = (wanted: string): boolean =>
        isNegated !== ranges.some(([low, high]) => low <= wanted && wanted <= high)
      return { end: at + 1, matches }
    }
    if (character === '\\') character = pattern.charAt(++at)
    const isRange = pattern.charAt(at + 1) === '-' && !/^\]?$/.test(pattern.charAt(at + 2))
    ranges.push([character, isRange ? pattern.charAt(at + 2) : character])
    at += isRange ? 3 : 1
  }
  return null
}

/** What one character of a pattern asks for, and where the pattern goes on. */
const elementAt = (
  pattern: string,
  at: number,
): { readonly end: number; readonly matches: (character: string) => boolean } => {
  const character = pattern.charAt(at)
  if (character === '?') return { end: at + 1, matches: () => true }
  const group = character === '[' ? classAt(pattern, at + 1) : null
  if (group !== null) return group
  const isEscaped = character === '\\' && at + 1 < pattern.length
  const literal = isEscaped ? pattern.charAt(at + 1) : character
  return { end: at + (isEscaped ? 2 : 1), matches: (wanted) => wanted === literal }
}

/** One part of a path; in time proportional to the product of both lengths at most. */
const partMatches = (pattern: string, name: string): boolean => {
  // A wildcard does not match a dot at the beginning.
  if (name.startsWith('.') && !/^\\?\./.test(pattern)) return false
  let [at, index] = [0, 0]
  /** Where to go on when a later element does not match: after the last star. */
  let [starAt, starIndex] = [-1, 0]
  while (index < name.length) {
    if (pattern.charAt(at) === '*') {
      at++
      starAt = at
      starIndex = index
      continue
    }
    const element = at < pattern.length ? elementAt(pattern, at) : null
    if (element?.matches(name.charAt(index)) === true) {
      at = element.end
      index++
    } else if (starAt !== -1) {
      starIndex++
      at = starAt
      index = starIndex
    } else return false
  }
  while (pattern.charAt(at) === '*') at++
  return at === pattern.length
}

/** Whether glob(3) without flags would find a path by a pattern: `*`, `?`, `[a-z]` and `\`. */
export const globMatches = (pattern: string, path: string): boolean => {
  const [patterns, names] = [pattern.split('/'), path.split('/')]
  return (
    patterns.length === names.length &&
    names.every((name, index) => partMatches(patterns[index] ?? '', name))
  )
}

/** A path without `.`, `..` and empty parts; a relative one is below the folder. */
export const pathBelow = (folder: string, path: string): string => {
  const whole = path.startsWith('/') || folder === '' ? path : `${folder}/${path}`
  const parts: string[] = []
  for (const part of whole.split('/')) {
    const isUp = part === '..' && parts.length > 0 && parts.at(-1) !== '..'
    if (isUp) parts.pop()
    else if (part !== '' && part !== '.' && !(part === '..' && whole.startsWith('/')))
      parts.push(part)
  }
  return `${whole.startsWith('/') ? '/' : ''}${parts.join('/')}`
}

/** The folder of a path; empty for a path without one. */
export const folderOf = (path: string): string => {
  const end = path.lastIndexOf('/')
  return end === 0 ? '/' : path.slice(0, Math.max(end, 0))
}

/** The order of glob(3) in the C locale, and of strcmp(): by bytes. */
export const byBytes = (a: string, b: string): number => {
  const [one, other] = [Array.from(a), Array.from(b)]
  for (const [index, character] of one.entries()) {
    const difference = (character.codePointAt(0) ?? 0) - (other[index]?.codePointAt(0) ?? -1)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}
