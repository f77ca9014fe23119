import type { Change } from './edit/change.ts'
import { matchChild } from './edit/match-child.ts'
import { mergeElement } from './edit/merge-element.ts'
import { childrenOf, type XmlDocument } from './xml/document.ts'
import { applied, type ChildPlace, insertChild, removeElement } from './xml/edit.ts'
import type { XmlNode } from './xml/write.ts'

/** Above the Manager that is used, which must come after the valves that belong to it. */
const beforeManager = ({ root }: XmlDocument): ChildPlace => {
  const manager = childrenOf(root, 'Manager').at(-1)
  return manager === undefined ? { kind: 'last' } : { kind: 'before', sibling: manager }
}

/** Puts a child of the root into the one that it stands for, else makes a new one. */
export const putChild = (document: XmlDocument, node: XmlNode): XmlDocument => {
  const { root } = document
  const existing = matchChild(root, node)
  return existing === null
    ? applied(document, insertChild(document, root, node, beforeManager(document)))
    : applied(document, mergeElement(document, root, existing, node).splices)
}

/** What `putChild` changes of what the file says. */
export const changesOf = (document: XmlDocument, node: XmlNode): readonly Change[] => {
  const existing = matchChild(document.root, node)
  return existing === null ? [] : mergeElement(document, document.root, existing, node).changes
}

/** The document without the children of a name. */
export const withoutChildren = (document: XmlDocument, name: string): XmlDocument => {
  const existing = childrenOf(document.root, name)
  return applied(
    document,
    existing.flatMap((child) => removeElement(document, child)),
  )
}
