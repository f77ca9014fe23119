import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Maintenance, StatusPage } from './error-pages.ts'

export interface Buffering {
  readonly isOn: boolean
  readonly path: SpecPath
}

/** Headers of an answer up to this size are accepted. */
export interface HeaderBuffer {
  readonly bytes: number
  readonly path: SpecPath
}

export interface Compression {
  /** Media types; empty: no compression. */
  readonly types: readonly string[]
  readonly path: SpecPath
}

export interface Timeout {
  readonly ms: number
  readonly path: SpecPath
}

/** `timeouts` of the spec. null: the default of the target. */
export interface Timeouts {
  readonly connectTimeout: Timeout | null
  readonly readTimeout: Timeout | null
  readonly sendTimeout: Timeout | null
  readonly tunnelTimeout: Timeout | null
  readonly queueTimeout: Timeout | null
  /** Of a location: of request bodies only. */
  readonly clientTimeout: Timeout | null
  /** Of a frontend. null: that of clientTimeout. */
  readonly headersTimeout: Timeout | null
  /** Of a frontend. */
  readonly keepaliveTimeout: Timeout | null
  /** Of a frontend: of connections that one side has closed. */
  readonly closingTimeout: Timeout | null
}

/** Those that apply to proxied requests only. */
export const serverTimeouts = [
  'connectTimeout',
  'readTimeout',
  'sendTimeout',
  'tunnelTimeout',
  'queueTimeout',
  'closingTimeout',
] as const satisfies readonly (keyof Timeouts)[]

/** What is counted for one key. */
export interface Limit {
  readonly requests: {
    /** In the time of `periodMs`. */
    readonly count: number
    readonly periodMs: 1000 | 60_000
    /** Requests above the rate that are accepted at once. */
    readonly burst: number
  } | null
  readonly connections: number | null
  readonly path: SpecPath
}

/** Without both: no limits. */
export interface Limits {
  readonly perAddress: Limit | null
  readonly perSession: (Limit & { readonly cookie: string }) | null
  readonly status: number
  /** What has these limits: a frontend, or a location with counters of its own. Part of names. */
  readonly owner: string
  readonly path: SpecPath
}

export interface ResponseHeader {
  readonly name: string
  readonly value: string
}

/** Headers of all responses, of the application and of the proxy. */
export interface ResponseHeaders {
  readonly set: readonly ResponseHeader[]
  readonly add: readonly ResponseHeader[]
  /** Of the application. */
  readonly remove: readonly string[]
}

/**
 * Settings that a frontend and its locations share. `Frontend.settings` has the values of the frontend;
 * `Location.settings` is effective: the value of the location, else that of its frontend. null: neither
 * sets it.
 */
export interface HttpSettings extends Timeouts {
  /** Of a location with those of its frontend. */
  readonly errorPages: readonly StatusPage[] | null
  /** Whether the pages also replace errors of the application. */
  readonly interceptErrors: boolean | null
  readonly maintenance: Maintenance | null
  readonly responseHeaders: ResponseHeaders | null
  /** Whether connections can be upgraded to another protocol. */
  readonly websocket: boolean | null
  readonly requestBuffering: Buffering | null
  readonly responseBuffering: Buffering | null
  readonly headerBuffer: HeaderBuffer | null
  readonly compression: Compression | null
  readonly limits: Limits | null
  /** In bytes. */
  readonly maxBodySize: number | 'unlimited' | null
}

interface WithSettings {
  readonly path: SpecPath
  readonly settings: HttpSettings
}

export type SettingName = keyof HttpSettings

/** The settings for which the condition holds; the others are null. */
export const settingsWhere = (
  settings: HttpSettings,
  condition: (name: SettingName) => boolean,
): HttpSettings => {
  const some = { ...settings }
  const decide = <Name extends SettingName>(name: Name): void => {
    if (!condition(name)) some[name] = null
  }
  for (const name of Object.keys(settings) as SettingName[]) decide(name)
  return some
}

/** Without the places in the spec. */
const textOf = (value: unknown): string | undefined =>
  JSON.stringify(value, (key, inner: unknown) => (key === 'path' ? undefined : inner))

/** Whether a location sets another value than its frontend. */
export const differs = (
  frontend: WithSettings,
  location: WithSettings,
  name: SettingName,
): boolean => textOf(location.settings[name]) !== textOf(frontend.settings[name])

/** The settings of a location that its frontend does not have. */
export const ownSettings = (frontend: WithSettings, location: WithSettings): HttpSettings =>
  settingsWhere(location.settings, (name) => differs(frontend, location, name))

/** Whether nothing is set. */
export const hasNoSettings = (settings: HttpSettings): boolean =>
  Object.values(settings).every((value) => value === null)

interface FrontendWithSettings extends WithSettings {
  readonly locations: readonly WithSettings[]
}

/** A value of a setting, and where the spec sets it. */
export interface SetAt<Name extends SettingName> {
  readonly value: NonNullable<HttpSettings[Name]>
  readonly path: SpecPath
}

/** The values of a setting in a frontend and its locations. */
export const valuesOf = <Name extends SettingName>(
  frontend: FrontendWithSettings,
  name: Name,
): readonly SetAt<Name>[] => {
  const places = [frontend, ...frontend.locations.filter((each) => differs(frontend, each, name))]
  return places.flatMap(({ settings, path }) => {
    const value = settings[name]
    return value === null ? [] : [{ value, path: [...path, name] }]
  })
}
