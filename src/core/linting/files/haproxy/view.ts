import type {
  HaproxyConfig,
  HaproxySection,
  HaproxyStatement,
} from '../../../config/haproxy/config.ts'
import {
  type HaproxyProxy,
  type HaproxySetting,
  haproxyProxies,
  haproxySettings,
} from '../../../config/haproxy/effective.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { ConfigFile } from '../config-file.ts'

export interface HaproxyFile {
  readonly path: string
  readonly source: ConfigFile
  readonly config: HaproxyConfig
}

/** A section with servers, `backend` or `listen`, and what applies to it. */
export interface HaproxyBackend {
  readonly section: HaproxySection
  /** `backend "shop"` */
  readonly title: string
  /** Whether the `defaults` that apply to it are known. */
  readonly hasDefaults: boolean
  readonly settings: readonly HaproxySetting[]
  /** The place of the first word of a line of its own, or of one of its arguments. */
  readonly at: (statement: HaproxyStatement, argument?: number) => Place
  /** The same for a line that applies to it, which may be in `defaults`. */
  readonly atSetting: (setting: HaproxySetting, argument?: number) => Place
}

/** All HAProxy files of a run, in the order in which HAProxy would get them with `-f`. */
export interface HaproxyView {
  readonly files: readonly HaproxyFile[]
  readonly backends: readonly HaproxyBackend[]
}

/** The place of the first word of a line, or of one of its arguments. */
const placeIn = (
  source: ConfigFile,
  { words }: HaproxyStatement,
  argument: number | null,
): Place => {
  const word = words[argument === null ? 0 : argument + 1] ?? words[0]
  return source.at(word?.start ?? 0, word?.end ?? 0)
}

const backendOf = (
  proxy: HaproxyProxy,
  sources: ReadonlyMap<string, ConfigFile>,
): readonly HaproxyBackend[] => {
  const { defaults, path, section } = proxy
  const own = sources.get(path)
  if (section.keyword === 'frontend' || own === undefined) return []
  return [
    {
      section,
      title: `${section.keyword} "${section.name ?? ''}"`,
      hasDefaults: defaults !== null,
      settings: haproxySettings(proxy),
      at: (statement, argument) => placeIn(own, statement, argument ?? null),
      atSetting: (setting, argument) =>
        placeIn(sources.get(setting.path) ?? own, setting.statement, argument ?? null),
    },
  ]
}

/** A file without a `defaults` section of its own inherits that of the file before it. */
export const haproxyView = (files: readonly HaproxyFile[]): HaproxyView => {
  const sources = new Map(files.map(({ path, source }) => [path, source]))
  return { files, backends: haproxyProxies(files).flatMap((proxy) => backendOf(proxy, sources)) }
}

/** Servers that get requests, and whose words are all written in the file. */
export const serversOf = ({ section }: HaproxyBackend): readonly HaproxyStatement[] =>
  section.lines.filter(
    ({ name, args, words, within }) =>
      name === 'server' &&
      within.length === 0 &&
      !args.includes('backup') &&
      !args.includes('disabled') &&
      words.every(({ isFixed }) => isFixed),
  )

/** The last line of a name that applies to a backend in any case; null: there is none. */
export const settingOf = ({ settings }: HaproxyBackend, name: string): HaproxySetting | null =>
  settings.findLast((one) => one.name === name && one.isCertain) ?? null

/** Whether HAProxy reads the requests, or may do so. */
export const isHttp = (backend: HaproxyBackend): boolean => {
  const mode = settingOf(backend, 'mode')
  return mode === null ? !backend.hasDefaults : mode.args[0] === 'http'
}

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
