import type { Cluster, Upstream } from '../model/cluster.ts'
import type { TemporaryFile, Tool } from '../validate/check.ts'
import type { TomcatTool } from '../validate/tomcat/plan.ts'
import type { Balancer } from './balancer.ts'
import type { PostgresTool } from './processes/postgres.ts'

/** PHP, with the extensions that its configuration does not load. */
export interface PhpTool extends Tool {
  readonly extensions: readonly string[]
}

/** The runtime of an upstream's servers; null: the built-in session server replaces it. */
export type AppTool =
  | { readonly runtime: 'tomcat'; readonly tool: TomcatTool; readonly jars: Jars }
  | { readonly runtime: 'spring'; readonly tool: Tool; readonly jars: Jars }
  | { readonly runtime: 'php'; readonly tool: PhpTool }
  | { readonly runtime: 'django'; readonly tool: Tool }
  | null

/** File name → absolute path. */
export type Jars = Readonly<Record<string, string>>

/** The installed programs that a lab runs. */
export interface LabTools {
  readonly balancer: Balancer
  readonly appOf: (upstream: Upstream) => AppTool
  /** null: the cluster does not use it. */
  readonly redis: Tool | null
  readonly memcached: Tool | null
  readonly postgres: PostgresTool | null
  /** The path of Node.js. */
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

const ofApp = (app: AppTool): readonly string[] => {
  if (app === null) return []
  const { program } = app.tool
  if (app.runtime === 'tomcat') return [program, app.tool.home, ...Object.values(app.jars)]
  return app.runtime === 'spring' ? [program, ...Object.values(app.jars)] : [program]
}

/** Files and folders that the processes of a lab read. */
export const toolFiles = (tools: LabTools, { upstreams }: Cluster): readonly string[] => {
  const { balancer, redis, memcached, postgres, node, appOf } = tools
  const ofBalancer = 'load' in balancer ? balancer.load : []
  const modules = 'modulesFolder' in balancer ? balancer.modulesFolder : null
  const stores = [redis, memcached, postgres].flatMap((tool) => (tool === null ? [] : tool.program))
  return [
    ...new Set([
      balancer.tool.program,
      ...ofBalancer,
      ...(modules === null ? [] : [modules]),
      ...stores,
      ...(postgres === null ? [] : [postgres.initdb]),
      node,
      ...upstreams.flatMap((upstream) => ofApp(appOf(upstream))),
    ]),
  ]
}
