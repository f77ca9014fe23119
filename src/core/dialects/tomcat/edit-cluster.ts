import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { inBase } from './base-file.ts'
import type { BaseServer } from './base-server.ts'
import { report } from './codes.ts'
import { type Change, changeDiagnostic, partsOf } from './edit/change.ts'
import { effectiveChild } from './edit/element-class.ts'
import { mergeElement } from './edit/merge-element.ts'
import { attributeValue, childrenOf, type XmlElement } from './xml/document.ts'
import { insertChild, removeElement, type Splice } from './xml/edit.ts'
import type { XmlNode } from './xml/write.ts'

interface Existing {
  /** The one that becomes the Cluster of the spec, and the element that it is in. */
  readonly own: { readonly parent: XmlElement; readonly element: XmlElement } | null
  /** That of another host would take the sessions of its contexts. */
  readonly others: readonly XmlElement[]
}

/** Of the Engine, else of the host that is served: there a Deployer works. */
const existingIn = ({ engine, host }: BaseServer): Existing => {
  const parents = [engine, ...(host === null ? [] : [host])]
  const [own = null] = parents.flatMap((parent) => {
    const element = effectiveChild(parent, 'Cluster')
    return element === null ? [] : [{ parent, element }]
  })
  const all = [engine, ...childrenOf(engine, 'Host')].flatMap((parent) =>
    childrenOf(parent, 'Cluster'),
  )
  return { own, others: all.filter((element) => element !== own?.element) }
}

const mergedCluster = (base: BaseServer, cluster: XmlNode) => {
  const { own } = existingIn(base)
  return own === null ? null : mergeElement(base.document, own.parent, own.element, cluster)
}

/** Puts the Cluster of the spec into the one that is there, else into the Engine; nothing without one. */
export const clusterSplices = (base: BaseServer, cluster: XmlNode | null): readonly Splice[] => {
  if (cluster === null) return []
  const { document, engine } = base
  const { others } = existingIn(base)
  const removed = others.flatMap((element) => removeElement(document, element))
  const merged = mergedCluster(base, cluster)
  if (merged !== null) return [...merged.splices, ...removed]
  const [first] = engine.children
  const place =
    first === undefined
      ? ({ kind: 'last' } as const)
      : ({ kind: 'before', sibling: first } as const)
  return [...insertChild(document, engine, cluster, place), ...removed]
}

const isMissed = (element: XmlElement): boolean =>
  element.name === 'Deployer' || /SingleSignOn$/.test(attributeValue(element, 'className') ?? '')

/** What somebody may miss of an element that is left out. */
const missedParts = (base: BaseServer, element: XmlElement): readonly Diagnostic[] =>
  element.children.filter(isMissed).map((part) => {
    const [label = ''] = partsOf(part)
    const message = `${label} of this Cluster is left out with it`
    const help =
      part.name === 'Deployer'
        ? 'deploy on each server, or move it into the Cluster that stays'
        : 'move it into the Host, if the application needs it'
    return report('tomcat-base-parts', inBase(base, part.start), message, help)
  })

const goneWith = (change: Change): readonly XmlElement[] =>
  change.kind === 'attribute' ? [] : [change.element]

/** What is said of a Cluster that the file already has. */
export const clusterChange = (base: BaseServer, cluster: XmlNode | null): readonly Diagnostic[] => {
  const { own, others } = existingIn(base)
  if (cluster !== null) {
    const { changes = [] } = mergedCluster(base, cluster) ?? {}
    const removed = others.map((element): Change => ({ kind: 'removed', element }))
    const all = [...changes, ...removed]
    return [
      ...all.map((change) => changeDiagnostic(base, change)),
      ...all.flatMap(goneWith).flatMap((element) => missedParts(base, element)),
    ]
  }
  return [...(own === null ? [] : [own.element]), ...others].map(({ start }) =>
    report(
      'tomcat-base-cluster',
      inBase(base, start),
      'the spec names no replication, and this Cluster stays',
      'remove it, or write sessions: { store: delta }',
    ),
  )
}
