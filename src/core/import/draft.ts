import type { Place, SpecPath } from '../diagnostics/diagnostic.ts'
import type { NginxFlavor, NginxModule } from '../model/target.ts'

/** Values of the spec, by their keys. */
export type Values = Readonly<Record<string, unknown>>

/** A server of an upstream, as its proxy names it. */
export interface ServerDraft {
  /** The name that the file gives it; null: none. */
  readonly name: string | null
  /** As in the spec. */
  readonly address: string
  readonly host: string | null
  readonly port: number | null
  /** The route that the file gives it; null: none. */
  readonly route: string | null
  readonly values: Values
}

/** What the nginx must be for an upstream. */
export interface Needs {
  readonly modules: readonly NginxModule[]
  readonly flavor: NginxFlavor | null
  readonly isUnpatched: boolean
  /** The built-in `sticky`. */
  readonly hasSticky: boolean
}

/** An upstream of a file. */
export interface UpstreamDraft {
  readonly name: string
  readonly at: Place
  readonly values: Values
  readonly servers: readonly ServerDraft[]
  readonly needs: Needs
  /** What a person must know about it. */
  readonly remarks: readonly string[]
  /** What else its blocks can mean, if generate would change them; empty: nothing. */
  readonly alternatives: readonly UpstreamDraft[]
}

/** Something of a file that the spec does not have, and why. */
export interface LeftOut {
  /** Null: the file as a whole, or a line of it. */
  readonly upstream: string | null
  readonly at: Place
  readonly message: string
  /** What makes it an upstream that the spec can have; null: it depends on the message. */
  readonly help: string | null
}

/** The upstreams of a file. */
export interface ReadUpstreams {
  readonly upstreams: readonly UpstreamDraft[]
  readonly leftOut: readonly LeftOut[]
}

/** A comment in the spec. */
export interface SpecComment {
  readonly path: SpecPath
  readonly text: string
  /** `above` its key on a line of its own, or `beside` its value. */
  readonly place: 'above' | 'beside'
}

/** A spec that is not written yet. */
export interface SpecDraft {
  readonly values: Values
  readonly comments: readonly SpecComment[]
}

/** What a person has to add. */
export const todo = (text: string): string => `TODO: ${text}`
