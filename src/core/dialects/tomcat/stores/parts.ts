import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Page } from '../../dialect.ts'
import type { XmlNode } from '../xml/write.ts'

/** A secret that bin/setenv.sh reads from a file and hands on in the environment. */
export interface ExportedSecret {
  /** Of the environment variable. */
  readonly name: string
  /** As written in the spec; on the application server. */
  readonly file: string
}

/** A variable that bin/setenv.sh makes of another one, percent-encoded: for a place within a URL. */
export interface EncodedSecret {
  readonly name: string
  readonly from: string
}

/** Everything that a session store adds to one Tomcat. */
export interface StoreParts {
  /** Whether session ids end with the route. */
  readonly hasRoute: boolean
  /** Of the Engine; null: none. */
  readonly cluster: XmlNode | null
  /** Of the Context, in this order: resources, valves. */
  readonly resources: readonly XmlNode[]
  readonly valves: readonly XmlNode[]
  /** null: the one that Tomcat makes by itself, or that the cluster brings. */
  readonly manager: XmlNode | null
  /** Names and values of Java's system properties, both ours. */
  readonly properties: readonly (readonly [name: string, value: string])[]
  readonly secrets: readonly ExportedSecret[]
  readonly encoded: readonly EncodedSecret[]
  /** Paths are below the folder of the server. */
  readonly files: readonly Page[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What most stores leave alone. */
export const noParts: StoreParts = {
  hasRoute: true,
  cluster: null,
  resources: [],
  valves: [],
  manager: null,
  properties: [],
  secrets: [],
  encoded: [],
  files: [],
  diagnostics: [],
}

type Given = readonly (readonly [name: string, value: string | null])[]

/**
 * An element without those attributes whose value is null.
 * @param defaults attributes that the spec does not speak of: an existing element keeps its own.
 */
export const element = (
  name: string,
  attributes: Given,
  children: readonly XmlNode[] = [],
  defaults: readonly string[] = [],
): XmlNode => ({
  name,
  attributes: attributes.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  children,
  defaults,
})
