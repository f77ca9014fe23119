import type { Page } from '../../dialect.ts'
import type { XmlNode } from '../xml/write.ts'

/** A secret that bin/setenv.sh reads from a file and exports. */
export interface ExportedSecret {
  /** The name of the environment variable. */
  readonly name: string
  /** As written in the spec; a file on the application server. */
  readonly file: string
}

/** A variable that bin/setenv.sh sets to the percent-encoded value of another one, for use in a URL. */
export interface EncodedSecret {
  readonly name: string
  readonly from: string
}

/** What a session store adds to the configuration of one Tomcat. */
export interface StoreParts {
  /** Whether session ids end with the route. */
  readonly hasRoute: boolean
  /** In the Engine; null: none. */
  readonly cluster: XmlNode | null
  /** In the Context. */
  readonly resources: readonly XmlNode[]
  readonly valves: readonly XmlNode[]
  /** null: the default Manager, or that of the Cluster. */
  readonly manager: XmlNode | null
  /** Java system properties. */
  readonly properties: readonly (readonly [name: string, value: string])[]
  readonly secrets: readonly ExportedSecret[]
  readonly encoded: readonly EncodedSecret[]
  /** Paths are relative to the folder of the server. */
  readonly files: readonly Page[]
}

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
}
