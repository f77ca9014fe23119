import { Findings } from '../../diagnostics/findings.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { appChoice, type Choice } from '../choice.ts'
import { basesOf } from './bases.ts'
import { instancesOf, reportRelease } from './instance.ts'
import { assignPorts } from './ports.ts'
import { storePartsOf } from './stores/index.ts'
import type { StoreParts } from './stores/parts.ts'
import { assignReplicationPorts } from './stores/replicated.ts'
import type { XmlNode } from './xml/write.ts'

const classOf = (node: XmlNode | undefined | null): string | null =>
  node?.attributes.find(([name]) => name === 'className')?.[1] ?? null

/** The Manager of the Context, else that of the Cluster, else the one that Tomcat creates itself. */
const managerOf = ({ manager, cluster }: StoreParts): string =>
  classOf(manager) ??
  classOf(cluster?.children.find(({ name }) => name === 'Manager')) ??
  'org.apache.catalina.session.StandardManager'

/** The form does not depend on the contents of existing files. */
const placed = (cluster: Cluster, findings: Findings) =>
  assignPorts(
    instancesOf(cluster).map((each) => ({ ...each, bases: basesOf(each, new Map()) })),
    findings,
  )

export const tomcatChoice = (cluster: Cluster, upstream: Upstream): Choice | null => {
  const { app, servers } = upstream
  if (app.runtime !== 'tomcat') return null
  const findings = new Findings()
  const instances = placed(cluster, findings)
  const instance = instances.find(({ server }) => servers.includes(server))
  const target = `Tomcat ${app.version.text}`
  if (instance === undefined)
    return appChoice(target, (found) => {
      reportRelease(app, found)
      return 'server.xml and context.xml'
    })
  const parts = storePartsOf(instance, assignReplicationPorts(instances, findings), findings)
  const refused = findings.all.find(({ severity }) => severity === 'error')
  const form = `${parts.hasRoute ? '"jvmRoute", ' : ''}${managerOf(parts)}`
  return {
    target,
    considered: [{ form, refusal: refused?.message ?? null, remedy: refused?.help ?? null }],
  }
}
