import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { inBase } from './base-file.ts'
import type { BaseServer } from './base-server.ts'
import { report } from './codes.ts'
import { childrenOf, type XmlElement } from './xml/document.ts'
import { insertChild } from './xml/insert-child.ts'
import type { XmlNode } from './xml/node.ts'
import { removeElement, replaceElement } from './xml/remove-element.ts'
import type { Splice } from './xml/splice.ts'

/** Of the Engine and of its hosts; that of a host would take the sessions of its contexts. */
const existing = ({
  engine,
}: BaseServer): { readonly own: XmlElement | null; readonly others: readonly XmlElement[] } => {
  const [own = null, ...more] = childrenOf(engine, 'Cluster')
  const ofHosts = childrenOf(engine, 'Host').flatMap((host) => childrenOf(host, 'Cluster'))
  return { own, others: [...more, ...ofHosts] }
}

/** Puts the Cluster of the spec into the Engine, in the place of any other; nothing without one. */
export const clusterSplices = (base: BaseServer, cluster: XmlNode | null): readonly Splice[] => {
  if (cluster === null) return []
  const { document, engine } = base
  const { own, others } = existing(base)
  const removed = others.flatMap((element) => removeElement(document, element))
  if (own !== null) return [...replaceElement(document, engine, own, cluster), ...removed]
  const [first] = engine.children
  const place =
    first === undefined
      ? ({ kind: 'last' } as const)
      : ({ kind: 'before', sibling: first } as const)
  return [...insertChild(document, engine, cluster, place), ...removed]
}

/** What is said of a Cluster that the file already has. */
export const clusterChange = (base: BaseServer, cluster: XmlNode | null): readonly Diagnostic[] => {
  const { own, others } = existing(base)
  const all = own === null ? others : [own, ...others]
  return all.map(({ start }) => {
    const at = inBase(base, start)
    if (cluster !== null)
      return report(
        'tomcat-base-store',
        at,
        'the Cluster of this file is replaced by what the spec says',
        null,
      )
    const message = 'the spec names no replication, and this Cluster stays'
    return report(
      'tomcat-base-cluster',
      at,
      message,
      'remove it, or write sessions: { store: delta }',
    )
  })
}
