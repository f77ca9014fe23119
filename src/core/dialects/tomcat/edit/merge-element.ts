import { attributeValue, type XmlDocument, type XmlElement } from '../xml/document.ts'
import {
  type ChildPlace,
  insertChild,
  removeElement,
  replaceElement,
  type Splice,
  setAttribute,
} from '../xml/edit.ts'
import type { XmlNode } from '../xml/write.ts'
import type { Change } from './change.ts'
import { classOf, wantedClassOf } from './element-class.ts'
import { isContradiction } from './foreign-child.ts'
import { matchChild } from './match-child.ts'
import { rebuilt, withCommonAttributes } from './rebuild.ts'

export interface Merged {
  readonly splices: readonly Splice[]
  readonly changes: readonly Change[]
}

/** An attribute that the spec does not speak of stays as it is in the file. */
const attributesToSet = (element: XmlElement, { attributes, defaults = [] }: XmlNode) =>
  attributes.filter(([name, value]) => {
    const was = attributeValue(element, name)
    return was === null || (was !== value && !defaults.includes(name))
  })

const mergeAttributes = (document: XmlDocument, element: XmlElement, node: XmlNode): Merged => {
  const set = attributesToSet(element, node)
  return {
    splices: set.flatMap(([name, value]) => setAttribute(document, element, name, value)),
    changes: set.flatMap(([name, to]): readonly Change[] => {
      const from = attributeValue(element, name)
      return from === null ? [] : [{ kind: 'attribute', element, name, from, to }]
    }),
  }
}

/** Behind what the wanted one before it stands for, else above everything. */
const placeAfter = (parent: XmlElement, previous: XmlElement | null): ChildPlace => {
  if (previous !== null) return { kind: 'after', sibling: previous }
  const [first] = parent.children
  return first === undefined ? { kind: 'last' } : { kind: 'before', sibling: first }
}

const isInOrder = (matches: readonly (XmlElement | null)[]): boolean => {
  const starts = matches.flatMap((match) => (match === null ? [] : [match.start]))
  return starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? -1))
}

/** The children in the order that the wanted ones need; what contradicts them goes. */
const mergeChildren = (document: XmlDocument, element: XmlElement, node: XmlNode): Merged => {
  let previous: XmlElement | null = null
  const merged: Merged[] = []
  const used = new Set<XmlElement>()
  for (const child of node.children) {
    const match = matchChild(element, child)
    if (match !== null) {
      merged.push(mergeElement(document, element, match, child))
      used.add(match)
      previous = match
      continue
    }
    const splices = insertChild(document, element, child, placeAfter(element, previous))
    merged.push({ splices, changes: [] })
  }
  const gone = element.children.filter((child) => !used.has(child) && isContradiction(child, node))
  return {
    splices: [
      ...merged.flatMap(({ splices }) => splices),
      ...gone.flatMap((child) => removeElement(document, child)),
    ],
    changes: [
      ...merged.flatMap(({ changes }) => changes),
      ...gone.map((child): Change => ({ kind: 'removed', element: child })),
    ],
  }
}

/** Another class takes the place: only what all managers know stays. */
const replaced = (
  document: XmlDocument,
  parent: XmlElement,
  element: XmlElement,
  node: XmlNode,
): Merged => {
  const { node: kept, lost } = withCommonAttributes(element, node)
  const change: Change = {
    kind: 'class',
    element,
    from: classOf(element) ?? element.name,
    to: wantedClassOf(node) ?? node.name,
    lost,
  }
  return { splices: replaceElement(document, parent, element, kept), changes: [change] }
}

/**
 * Makes an existing element say what a node says, and leaves in it what the node does not speak of:
 * attributes, children, comments.
 */
export const mergeElement = (
  document: XmlDocument,
  parent: XmlElement,
  element: XmlElement,
  node: XmlNode,
): Merged => {
  if (classOf(element) !== wantedClassOf(node)) return replaced(document, parent, element, node)
  const attributes = mergeAttributes(document, element, node)
  const matches = node.children.map((child) => matchChild(element, child))
  // Several children cannot be written into one tag, nor elements change places, by single edits.
  const isWhole =
    !isInOrder(matches) ||
    (element.selfClosing && node.children.length + attributes.splices.length > 1)
  if (!isWhole) {
    const children = mergeChildren(document, element, node)
    return {
      splices: [...attributes.splices, ...children.splices],
      changes: [...attributes.changes, ...children.changes],
    }
  }
  const { changes } = mergeChildren(document, element, node)
  return {
    splices: replaceElement(document, parent, element, rebuilt(element, node)),
    changes: [...attributes.changes, ...changes],
  }
}
