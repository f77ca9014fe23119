import type { Upstream } from '../model/cluster.ts'
import type { TemporaryFile, Tool } from '../validate/check.ts'
import type { TomcatTool } from '../validate/tomcat/plan.ts'
import type { Balancer } from './balancer.ts'
import type { PostgresTool } from './processes/postgres.ts'

/** PHP with the extensions that have to be loaded by name. */
export interface PhpTool extends Tool {
  readonly extensions: readonly string[]
}

/** What can run the servers of an upstream; null: the built-in session server has to stand in. */
export type AppTool =
  | { readonly runtime: 'tomcat'; readonly tool: TomcatTool; readonly jars: Jars }
  | { readonly runtime: 'spring'; readonly tool: Tool; readonly jars: Jars }
  | { readonly runtime: 'php'; readonly tool: PhpTool }
  | { readonly runtime: 'django'; readonly tool: Tool }
  | null

/** File name → absolute path. */
export type Jars = Readonly<Record<string, string>>

/** The programs of this host that a lab runs. */
export interface LabTools {
  readonly balancer: Balancer
  readonly appOf: (upstream: Upstream) => AppTool
  /** null: the cluster asks for none. */
  readonly redis: Tool | null
  readonly memcached: Tool | null
  readonly postgres: PostgresTool | null
  /** The Node.js that runs this. */
  readonly node: string
}

export interface TextFile extends TemporaryFile {
  readonly content: string
}

/** The applications of the lab: templates/lab/. */
export interface LabApplications {
  readonly tomcat: readonly TemporaryFile[]
  readonly spring: readonly TextFile[]
  readonly php: readonly TemporaryFile[]
  readonly django: readonly TemporaryFile[]
  readonly sessionServer: string
}
