import type { Findings } from '../../../diagnostics/findings.ts'
import { inBase } from '../base-file.ts'
import type { BaseServer } from '../base-server.ts'
import { report } from '../codes.ts'
import { attributeValue, childrenOf, type XmlElement } from '../xml/document.ts'
import { type ChildPlace, insertChild, removeElement, type Splice } from '../xml/edit.ts'
import type { XmlNode } from '../xml/write.ts'
import { labelOf, reportChange } from './change.ts'
import { classOf, effectiveChild, nodeClassOf } from './match.ts'
import { mergeElement } from './merge.ts'

/** A Deployer or SingleSignOn does not belong to replication, and is removed with its Cluster. */
const reportLostParts = (base: BaseServer, cluster: XmlElement, findings: Findings): void => {
  for (const part of cluster.children) {
    const isDeployer = part.name === 'Deployer'
    if (!isDeployer && !/SingleSignOn$/.test(attributeValue(part, 'className') ?? '')) continue
    const message = `${labelOf(part)} is removed with this Cluster`
    const help = isDeployer
      ? 'deploy to each server, or move the Deployer to the Cluster that is kept'
      : 'move it to the Host if the application needs it'
    report(findings, 'tomcat-base-parts', inBase(base, part.start), message, help)
  }
}

const encryptInterceptor = 'org.apache.catalina.tribes.group.interceptors.EncryptInterceptor'

/** Without a key in the spec, the encryption of the file stays: removing it would expose the sessions. */
const reportKeptEncryption = (
  base: BaseServer,
  existing: XmlElement,
  cluster: XmlNode,
  findings: Findings,
): void => {
  const isEncryption = (className: string | null): boolean => className === encryptInterceptor
  const wanted = cluster.children.find(({ name }) => name === 'Channel')
  if (wanted?.children.some((child) => isEncryption(nodeClassOf(child))) === true) return
  const channel = effectiveChild(existing, 'Channel')
  const kept = channel?.children.find((child) => isEncryption(classOf(child)))
  if (kept === undefined) return
  const message = 'this EncryptInterceptor is kept, but the spec has no "encryptionKey"'
  const help = 'write the key of the file as encryptionKey, or remove the EncryptInterceptor'
  report(findings, 'tomcat-base-cluster', inBase(base, kept.start), message, help)
}

/**
 * Merges the Cluster of the spec into that of the Engine, else of the served Host (a Deployer works
 * there), and removes the others: the Cluster of a Host replicates the sessions of its Contexts.
 */
export const clusterSplices = (
  base: BaseServer,
  cluster: XmlNode | null,
  findings: Findings,
): readonly Splice[] => {
  const { document, engine, host } = base
  const [own = null] = [engine, ...(host === null ? [] : [host])].flatMap((parent) => {
    const element = effectiveChild(parent, 'Cluster')
    return element === null ? [] : [{ parent, element }]
  })
  const all = [engine, ...childrenOf(engine, 'Host')].flatMap((parent) =>
    childrenOf(parent, 'Cluster'),
  )
  if (cluster === null) {
    const message = 'this Cluster is kept, but the spec does not configure replication'
    const help = 'remove the Cluster, or write sessions: { store: delta }'
    for (const { start } of all)
      report(findings, 'tomcat-base-cluster', inBase(base, start), message, help)
    return []
  }
  const merged = own === null ? null : mergeElement(document, own.parent, own.element, cluster)
  if (own !== null) reportKeptEncryption(base, own.element, cluster, findings)
  const others = all.filter((element) => element !== own?.element)
  const changes = [
    ...(merged?.changes ?? []),
    ...others.map((element) => ({ kind: 'removed', element }) as const),
  ]
  for (const change of changes) {
    reportChange(base, change, findings)
    if (change.kind !== 'attribute') reportLostParts(base, change.element, findings)
  }
  const [first] = engine.children
  const place: ChildPlace =
    first === undefined ? { kind: 'last' } : { kind: 'before', sibling: first }
  return [
    ...(merged?.splices ?? insertChild(document, engine, cluster, place)),
    ...others.flatMap((element) => removeElement(document, element)),
  ]
}
