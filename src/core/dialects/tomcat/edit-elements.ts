import { attributeValue, childrenOf, type XmlDocument, type XmlElement } from './xml/document.ts'
import { type ChildPlace, insertChild } from './xml/insert-child.ts'
import type { XmlNode } from './xml/node.ts'
import { reparse } from './xml/parse.ts'
import { removeElement, replaceElement } from './xml/remove-element.ts'
import { applySplices, type Splice } from './xml/splice.ts'

/** The document after some edits. */
export const applied = (document: XmlDocument, splices: readonly Splice[]): XmlDocument =>
  splices.length === 0 ? document : reparse(document, applySplices(document.text, splices))

/** Whether an element already says what a node would. */
const isSame = (element: XmlElement, { name, attributes, children }: XmlNode): boolean =>
  element.name === name &&
  element.attributes.length === attributes.length &&
  attributes.every(([key, value]) => attributeValue(element, key) === value) &&
  element.children.length === children.length &&
  children.every((child, index) => {
    const other = element.children[index]
    return other !== undefined && isSame(other, child)
  })

/** Above the Manager, which must come after the valves that belong to it. */
const beforeManager = ({ root }: XmlDocument): ChildPlace => {
  const [manager] = childrenOf(root, 'Manager')
  return manager === undefined ? { kind: 'last' } : { kind: 'before', sibling: manager }
}

/**
 * Puts a child of the root where one of its name and key stands, else a new one; nothing changes
 * where the file says the same.
 */
export const putChild = (document: XmlDocument, node: XmlNode, key: string | null): XmlDocument => {
  const { root } = document
  const wanted = node.attributes.find(([name]) => name === key)?.[1] ?? null
  const existing = childrenOf(root, node.name).find(
    (child) => key === null || attributeValue(child, key) === wanted,
  )
  if (existing === undefined)
    return applied(document, insertChild(document, root, node, beforeManager(document)))
  if (isSame(existing, node)) return document
  return applied(document, replaceElement(document, root, existing, node))
}

/** The document without its first child of a name. */
export const withoutChild = (document: XmlDocument, name: string): XmlDocument => {
  const [existing] = childrenOf(document.root, name)
  return existing === undefined ? document : applied(document, removeElement(document, existing))
}
