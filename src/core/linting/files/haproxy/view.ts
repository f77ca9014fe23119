import type {
  HaproxyConfig,
  HaproxySection,
  HaproxyStatement,
} from '../../../config/haproxy/config.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { ConfigFile } from '../config-file.ts'

export interface HaproxyFile {
  readonly source: ConfigFile
  readonly config: HaproxyConfig
}

/** The sections with servers: `backend` and `listen`. */
export const backendsOf = ({ config }: HaproxyFile): readonly HaproxySection[] =>
  config.sections.filter(({ keyword }) => keyword === 'backend' || keyword === 'listen')

/** Servers that get requests, and whose words are all written in the file. */
export const serversOf = ({ lines }: HaproxySection): readonly HaproxyStatement[] =>
  lines.filter(
    ({ name, args, words, within }) =>
      name === 'server' &&
      within.length === 0 &&
      !args.includes('backup') &&
      !args.includes('disabled') &&
      words.every(({ isFixed }) => isFixed),
  )

export interface Argument {
  readonly value: string
  /** Its index in `args`. */
  readonly index: number
}

/** The word after a keyword of a server line. */
export const argumentOf = ({ args }: HaproxyStatement, keyword: string): Argument | null => {
  const index = args.indexOf(keyword, 2) + 1
  const value = args[index]
  return index === 0 || value === undefined ? null : { value, index }
}

/** The place of the first word of a line, or of one of its arguments. */
export const placeIn = (
  { source }: HaproxyFile,
  { words }: HaproxyStatement,
  argument: number | null = null,
): Place => {
  const word = words[argument === null ? 0 : argument + 1] ?? words[0]
  return source.at(word?.start ?? 0, word?.end ?? 0)
}
