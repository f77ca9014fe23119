import { attributeValue, type XmlDocument, type XmlElement } from '../xml/document.ts'
import {
  type ChildPlace,
  insertChild,
  removeAttribute,
  removeElement,
  replaceElement,
  type Splice,
  setAttribute,
} from '../xml/edit.ts'
import type { Attribute, XmlNode } from '../xml/write.ts'
import type { Change } from './change.ts'
import { classOf, isConflict, matchChild, nodeClassOf } from './match.ts'

/** The edits that merge an element, and the changes to report. */
export interface Merged {
  readonly splices: readonly Splice[]
  readonly changes: readonly Change[]
}

const pairsOf = (element: XmlElement): readonly Attribute[] =>
  element.attributes.map(({ name, value }) => [name, value] as const)

const nodeOf = (element: XmlElement): XmlNode => ({
  name: element.name,
  attributes: pairsOf(element),
  children: element.children.map(nodeOf),
})

/** The attributes to set: an existing value is kept where the spec does not set the attribute. */
const attributesToSet = (
  element: XmlElement,
  { attributes, defaults = [], implied = [] }: XmlNode,
) =>
  attributes.filter(([name, value]) => {
    const existing = attributeValue(element, name)
    if (existing === null) return !implied.includes(name)
    return existing !== value && !defaults.includes(name)
  })

/** Attributes of another form of the element. */
const attributesToRemove = (element: XmlElement, { absent = [] }: XmlNode): readonly string[] =>
  absent.flatMap(([name, harmless]) => {
    const value = attributeValue(element, name)
    return value === null || harmless.test(value) ? [] : [name]
  })

const mergeAttributes = (document: XmlDocument, element: XmlElement, node: XmlNode): Merged => {
  const set = attributesToSet(element, node)
  const removed = attributesToRemove(element, node)
  const changes = [...set, ...removed.map((name) => [name, null] as const)]
  return {
    splices: [
      ...set.flatMap(([name, value]) => setAttribute(document, element, name, value)),
      ...removed.flatMap((name) => removeAttribute(document, element, name)),
    ],
    changes: changes.flatMap(([name, to]): readonly Change[] => {
      const from = attributeValue(element, name)
      return from === null ? [] : [{ kind: 'attribute', element, name, from, to }]
    }),
  }
}

/** After the previous merged child, else before all children that stay. */
const placeAfter = (stay: readonly XmlElement[], previous: XmlElement | null): ChildPlace => {
  if (previous !== null) return { kind: 'after', sibling: previous }
  const [first] = stay
  return first === undefined ? { kind: 'last' } : { kind: 'before', sibling: first }
}

/** Merges the children in the order of the node, and removes those that conflict with them. */
const mergeChildren = (document: XmlDocument, element: XmlElement, node: XmlNode): Merged => {
  const matches = new Map(
    node.children.flatMap((child) => {
      const match = matchChild(element, child)
      return match === null ? [] : [[child, match] as const]
    }),
  )
  const used = new Set(matches.values())
  const isRemoved = (child: XmlElement): boolean => !used.has(child) && isConflict(child, node)
  const stay = element.children.filter((child) => !isRemoved(child))
  const removed = element.children.filter(isRemoved)
  let previous: XmlElement | null = null
  const merged: Merged[] = []
  for (const child of node.children) {
    const match = matches.get(child)
    if (match !== undefined) {
      merged.push(mergeElement(document, element, match, child))
      previous = match
      continue
    }
    const splices = insertChild(document, element, child, placeAfter(stay, previous))
    merged.push({ splices, changes: [] })
  }
  return {
    splices: [
      ...merged.flatMap(({ splices }) => splices),
      ...removed.flatMap((child) => removeElement(document, child)),
    ],
    changes: [
      ...merged.flatMap(({ changes }) => changes),
      ...removed.map((child): Change => ({ kind: 'removed', element: child })),
    ],
  }
}

/** The merged element as a new one. */
const mergedNode = (element: XmlElement, node: XmlNode): XmlNode => {
  const set = new Map(attributesToSet(element, node))
  const removed = new Set(attributesToRemove(element, node))
  const existing = pairsOf(element)
    .filter(([name]) => !removed.has(name))
    .map(([name, value]) => [name, set.get(name) ?? value] as const)
  const added = [...set].filter(([name]) => attributeValue(element, name) === null)
  const used = new Set<XmlElement>()
  const children = node.children.map((child) => {
    const match = matchChild(element, child)
    if (match === null) return child
    used.add(match)
    return classOf(match) === nodeClassOf(child) ? mergedNode(match, child) : child
  })
  const others = element.children.filter((child) => !used.has(child) && !isConflict(child, node))
  return {
    name: node.name,
    attributes: [...existing, ...added],
    children: [...children, ...others.map(nodeOf)],
  }
}

/** Attributes of every Manager (session/ManagerBase). */
const commonManagerAttributes: ReadonlySet<string> = new Set([
  'maxActiveSessions',
  'processExpiresFrequency',
  'secureRandomAlgorithm',
  'secureRandomClass',
  'secureRandomProvider',
  'sessionAttributeNameFilter',
  'sessionAttributeValueClassNameFilter',
  'warnOnSessionAttributeFilterFailure',
])

/** Replaces an element with one of another class; only what all Managers support is kept. */
const replaceClass = (
  document: XmlDocument,
  parent: XmlElement,
  element: XmlElement,
  node: XmlNode,
): Merged => {
  const isManager = element.name === 'Manager'
  const wanted = new Map(node.attributes)
  const isCommon = ([name]: Attribute): boolean => isManager && commonManagerAttributes.has(name)
  const own = pairsOf(element).filter(([name]) => name !== 'className' && !wanted.has(name))
  const isGenerator = ({ name }: XmlElement): boolean => isManager && name === 'SessionIdGenerator'
  const lostChildren = element.children
    .filter(
      (child) => !isGenerator(child) && !node.children.some(({ name }) => name === child.name),
    )
    .map((child) => `<${child.name}>${classOf(child) === null ? '' : ` (${classOf(child)})`}`)
  const lost = own.filter((one) => !isCommon(one)).map(([name, value]) => `${name}="${value}"`)
  const written: XmlNode = {
    ...node,
    attributes: [...node.attributes, ...own.filter(isCommon)],
    children: [...node.children, ...element.children.filter(isGenerator).map(nodeOf)],
  }
  const change: Change = {
    kind: 'class',
    element,
    from: classOf(element) ?? element.name,
    to: nodeClassOf(node) ?? node.name,
    lost: [...lost, ...lostChildren],
  }
  return { splices: replaceElement(document, parent, element, written), changes: [change] }
}

/**
 * Merges an element to write into an existing one. Attributes, children and comments that the node
 * does not set are unchanged.
 */
export const mergeElement = (
  document: XmlDocument,
  parent: XmlElement,
  element: XmlElement,
  node: XmlNode,
): Merged => {
  if (classOf(element) !== nodeClassOf(node)) return replaceClass(document, parent, element, node)
  const attributes = mergeAttributes(document, element, node)
  const children = mergeChildren(document, element, node)
  const changes = [...attributes.changes, ...children.changes]
  const starts = node.children.flatMap((child) => matchChild(element, child)?.start ?? [])
  const isInOrder = starts.every((start, index) => start > (starts[index - 1] ?? -1))
  // Separate edits can neither reorder elements nor insert several children into one tag.
  const needsRewrite =
    !isInOrder || (element.selfClosing && node.children.length + attributes.splices.length > 1)
  return {
    splices: needsRewrite
      ? replaceElement(document, parent, element, mergedNode(element, node))
      : [...attributes.splices, ...children.splices],
    changes,
  }
}
