import type { SpecPath } from '../diagnostics/diagnostic.ts'
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
  /** For every server that names none of its own; as written, relative to the spec's folder. */
  readonly base: string | null
  readonly contextBase: string | null
  readonly sessions: Sessions
  readonly path: SpecPath
}

/** Attributes of the session cookie; null leaves the runtime's default. */
export interface AppCookie {
  readonly name: string | null
  readonly path: string | null
  readonly domain: string | null
  readonly sameSite: 'strict' | 'lax' | 'none' | null
  readonly httpOnly: boolean | null
  /** Where the `cookie` key stands, for diagnostics. */
  readonly specPath: SpecPath
}

export interface OtherApp {
  readonly runtime: 'spring' | 'php' | 'django'
  readonly version: Version
  readonly sessions: Sessions
  readonly path: SpecPath
}

/** Where session data lives. `store` is the spec's word; what belongs to it comes with its dialect. */
export interface Sessions {
  readonly store: string
  /** The entry of `stores` that is used; null where the store needs none. */
  readonly use: Store | null
  readonly path: SpecPath
}

export type App = NoApp | TomcatApp | OtherApp
