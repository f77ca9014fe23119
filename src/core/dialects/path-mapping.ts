import type { PathMapping } from '../model/path-mapping.ts'
import { regexText } from './regular-expressions.ts'

/** A text that the whole expression matches becomes the prefix and the only group of the expression. */
export interface Replacement {
  readonly expression: string
  readonly prefix: string
}

const withoutSlash = (path: string): string => path.replace(/\/$/, '')

/** A character as itself or percent-encoded; browsers and servers compare such paths as equal. */
const requested = (character: string): string => {
  if (character === '/') return '(?:/|%2[Ff])+'
  const code = character.charCodeAt(0).toString(16)
  const hex = code.replace(/[a-f]/g, (digit) => `[${digit.toUpperCase()}${digit}]`)
  return `(?:${regexText(character)}|%${hex})`
}

/** Matches the beginning of a path as a client sends it, with repeated slashes. */
export const requestedPrefix = ({ from }: PathMapping): string =>
  `^${[...from].map(requested).join('')}`

/**
 * For the path of a redirect. Each is tried in this order, also on the result of the one before it. Further
 * slashes are removed where the path would otherwise begin with them: `//host` is a URL of another host.
 */
export const redirectPaths = ({ from, to }: PathMapping): readonly Replacement[] => {
  if (to === '/') return [{ expression: '/([^/].*)?', prefix: from }]
  const folder = regexText(withoutSlash(to))
  if (from !== '/') return [{ expression: `${folder}([/?#].*)?`, prefix: withoutSlash(from) }]
  return [
    { expression: `${folder}([?#].*)?`, prefix: '/' },
    { expression: String.raw`${folder}/[/\\]*(.*)`, prefix: '/' },
  ]
}

/** For the path of a cookie, in this order. */
export const cookiePaths = ({ from, to }: PathMapping): readonly Replacement[] => {
  if (to === '/') return [{ expression: '/([^;]*)', prefix: from }]
  const folder = regexText(withoutSlash(to))
  if (from !== '/') return [{ expression: `${folder}(/[^;]*)?`, prefix: withoutSlash(from) }]
  return [
    { expression: `${folder}()`, prefix: '/' },
    { expression: `${folder}/([^;]*)`, prefix: '/' },
  ]
}

/**
 * The same for a whole Set-Cookie header, whose first group precedes the path and whose third one follows it.
 * @param kept the name of a cookie that the proxy itself sets; null: none.
 */
export const setCookies = (mapping: PathMapping, kept: string | null): readonly Replacement[] => {
  const other = kept === null ? '' : `(?!${regexText(kept)}=)`
  return cookiePaths(mapping).map(({ expression, prefix }) => ({
    expression: `^${other}([^;]+;(?:.*;)? *(?i:path) *= *)${expression}( *;.*)?$`,
    prefix,
  }))
}
