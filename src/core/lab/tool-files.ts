import type { Cluster } from '../model/cluster.ts'
import type { AppTool, LabTools } from './tools.ts'

const ofApp = (app: AppTool): readonly string[] => {
  if (app === null) return []
  const { program } = app.tool
  if (app.runtime === 'tomcat') return [program, app.tool.home, ...Object.values(app.jars)]
  return app.runtime === 'spring' ? [program, ...Object.values(app.jars)] : [program]
}

/** Files and folders of this host that the processes of a lab read. */
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
