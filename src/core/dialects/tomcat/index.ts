import type { Findings } from '../../diagnostics/findings.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { Dialect, Inputs, Page } from '../dialect.ts'
import { basesOf, inputsOf, reportBases } from './bases.ts'
import { tomcatChoice } from './choice.ts'
import { confInputs, existingFilesOf } from './effective/existing-files.ts'
import { writtenLayer } from './effective/layer.ts'
import { reportContexts } from './effective/problems.ts'
import { reportOtherCookies } from './effective/sent-cookie.ts'
import { escapes } from './escapes.ts'
import { reportIdleTimeout } from './idle.ts'
import { instancesOf, reportInstances } from './instance.ts'
import { pagesOf } from './pages.ts'
import { assignPorts } from './ports.ts'
import { storePartsOf } from './stores/index.ts'
import { tablePages } from './stores/jdbc.ts'
import { assignReplicationPorts } from './stores/replicated.ts'
import { reportWebapps, webappInputs } from './webapp.ts'

const render = (cluster: Cluster, inputs: Inputs, findings: Findings): readonly Page[] => {
  const instances = instancesOf(cluster)
  reportInstances(cluster, findings)
  reportBases(instances, inputs, findings)
  reportWebapps(instances, inputs, findings)
  reportOtherCookies(instances, inputs, findings)
  const placed = assignPorts(
    instances.map((instance) => ({ ...instance, bases: basesOf(instance, inputs) })),
    findings,
  )
  const replicationPorts = assignReplicationPorts(placed, findings)
  const pages = placed.flatMap((instance) => {
    const { app, bases } = instance
    reportIdleTimeout(cluster, instance, findings)
    const store = storePartsOf(instance, replicationPorts, findings)
    const written = writtenLayer(app, bases.context, store.manager)
    reportContexts(existingFilesOf(instance, bases, inputs), written, findings)
    return pagesOf(instance, store, findings)
  })
  return [...pages, ...tablePages(cluster)]
}

/** Apache Tomcat: a server.xml and a context file for every server. */
export const tomcat: Dialect = {
  name: 'tomcat',
  isWanted: (cluster) => appUpstreams(cluster, 'tomcat').length > 0,
  inputs: (cluster) => {
    const instances = instancesOf(cluster)
    return [...inputsOf(instances), ...confInputs(instances), ...webappInputs(instances)]
  },
  render,
  choose: tomcatChoice,
  escapes,
}
