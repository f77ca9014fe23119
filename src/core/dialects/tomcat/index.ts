import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { Dialect, Inputs, Rendering } from '../dialect.ts'
import { shellWord, yamlScalar } from '../scalars.ts'
import { basePortsOf } from './base-server.ts'
import { type Bases, inputsOf, readBases } from './bases.ts'
import { contextProblems } from './effective/problems.ts'
import { otherCookies } from './effective/sent-cookie.ts'
import { confInputs, siteOf } from './effective/site.ts'
import { writtenLayer } from './effective/written-layer.ts'
import { idleProblems } from './idle.ts'
import { instancesOf, tomcatUpstreams } from './instance.ts'
import { pagesOf } from './pages.ts'
import { placeholderWord } from './placeholder-word.ts'
import { assignPorts } from './ports.ts'
import { sqlWord } from './sql-word.ts'
import { tablePages } from './store-pages.ts'
import { storeOf } from './stores/index.ts'
import { assignReplicationPorts } from './stores/replication-ports.ts'
import { webappInputs, webappProblems } from './webapp.ts'
import { escapeAttribute } from './xml/write.ts'

const none: Bases = { server: null, context: null }

/** What is said of an app or of a shared file is said once, not once a server. */
const once = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values(),
]

const render = (cluster: Cluster, inputs: Inputs): Rendering => {
  const { instances, diagnostics: ofCluster } = instancesOf(cluster)
  const { bases, diagnostics: ofBases } = readBases(instances, inputs)
  const basePorts = bases.map(({ server }) => (server === null ? null : basePortsOf(server)))
  const { ports, diagnostics: ofPorts } = assignPorts(instances, basePorts)
  const replication = assignReplicationPorts(instances, ports)
  const renderings = instances.flatMap((instance, index) => {
    const assigned = ports[index]
    const store = storeOf(instance, replication.ports)
    if (assigned === undefined) return []
    const own = bases[index] ?? none
    const { pages, diagnostics } = pagesOf(instance, own, assigned, store)
    const written = writtenLayer(instance.app, own.context, store.manager)
    const problems = contextProblems(siteOf(instance, own, inputs), written)
    return [{ pages, diagnostics: [...diagnostics, ...problems] }]
  })
  return {
    pages: [...renderings.flatMap(({ pages }) => pages), ...tablePages(cluster)],
    diagnostics: once([
      ...ofCluster,
      ...ofBases,
      ...ofPorts,
      ...replication.diagnostics,
      ...webappProblems(instances, inputs),
      ...otherCookies(instances, inputs),
      ...instances.flatMap((instance, index) =>
        idleProblems(cluster, instance, bases[index]?.server ?? null),
      ),
      ...renderings.flatMap(({ diagnostics }) => diagnostics),
    ]),
  }
}

/** Apache Tomcat: server.xml and a context file for every server with sessions of its own. */
export const tomcat: Dialect = {
  name: 'tomcat',
  isWanted: (cluster) => tomcatUpstreams(cluster).length > 0,
  inputs: (cluster) => {
    const { instances } = instancesOf(cluster)
    return [...inputsOf(instances), ...confInputs(instances), ...webappInputs(instances)]
  },
  render: (cluster, inputs, findings) => {
    const { pages, diagnostics } = render(cluster, inputs)
    findings.addAll(diagnostics)
    return pages
  },
  escapes: {
    xml: (value) => escapeAttribute(String(value), '"', 'utf-8'),
    yaml: yamlScalar,
    placeholder: placeholderWord,
    sh: shellWord,
    sql: sqlWord,
  },
}
