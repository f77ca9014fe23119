import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { SameSite } from '../spec/schema/primitives.ts'
import type { DjangoSessions, PhpSessions, SpringSessions, TomcatSessions } from './sessions.ts'
import type { Store } from './store.ts'
import type { Version } from './version.ts'

export interface NoApp {
  readonly runtime: 'none'
}

export interface TomcatApp {
  readonly runtime: 'tomcat'
  readonly version: Version
  /** A context path such as `/shop`; null: conf/context.xml serves all contexts. */
  readonly context: string | null
  readonly cookie: AppCookie
  /** The name of the session cookie in the existing files; null: the name in `cookie`. */
  readonly sentCookie: string | null
  /** The path of the application, as written in the spec; null: not set. */
  readonly webapp: string | null
  /** For servers that do not set their own; as written, relative to the folder of the spec. */
  readonly base: string | null
  readonly contextBase: string | null
  readonly sessions: TomcatSessions
  readonly path: SpecPath
}

/** Attributes of the session cookie; null leaves the runtime's default. */
export interface AppCookie {
  readonly name: string | null
  readonly path: string | null
  readonly domain: string | null
  readonly sameSite: SameSite | null
  readonly secure: boolean | null
  readonly httpOnly: boolean | null
  /** The path of the `cookie` key, for diagnostics. */
  readonly specPath: SpecPath
}

interface Other<Runtime extends string, Sessions> {
  readonly runtime: Runtime
  readonly version: Version
  readonly cookie: AppCookie
  readonly sessions: Sessions
  readonly path: SpecPath
}

export type SpringApp = Other<'spring', SpringSessions>
export type PhpApp = Other<'php', PhpSessions>
export type DjangoApp = Other<'django', DjangoSessions>

export type App = NoApp | TomcatApp | SpringApp | PhpApp | DjangoApp

/** Whether the application can have sessions; false only for `store: none`. */
export const hasSessions = (app: App): boolean =>
  app.runtime === 'none' || app.sessions.store !== 'none'

/** The entry of `stores` with the sessions of an application; null: none. */
export const storeOf = (app: App): Store | null =>
  app.runtime !== 'none' && 'use' in app.sessions ? app.sessions.use : null
