import { attributeValue, type XmlElement } from '../xml/document.ts'
import type { XmlNode } from '../xml/write.ts'
import { classOf, wantedClassOf } from './element-class.ts'
import { isContradiction } from './foreign-child.ts'
import { matchChild } from './match-child.ts'

/** An existing element as one to be written. */
const nodeOf = (element: XmlElement): XmlNode => ({
  name: element.name,
  attributes: element.attributes.map(({ name, value }) => [name, value] as const),
  children: element.children.map(nodeOf),
})

/** The attributes of both; where they differ, the file's stays unless the spec speaks of it. */
const attributesOf = (element: XmlElement, { attributes, defaults = [] }: XmlNode) => {
  const wanted = new Map(attributes)
  const own = element.attributes.map(({ name, value }) => {
    const to = wanted.get(name)
    return [name, to === undefined || defaults.includes(name) ? value : to] as const
  })
  const added = attributes.filter(([name]) => attributeValue(element, name) === null)
  return [...own, ...added]
}

/** What a merge makes of an element, as one that is written as a whole: the wanted children first. */
export const rebuilt = (element: XmlElement, node: XmlNode): XmlNode => {
  const used = new Set<XmlElement>()
  const wanted = node.children.map((child) => {
    const match = matchChild(element, child)
    if (match === null) return child
    used.add(match)
    return classOf(match) === wantedClassOf(child) ? rebuilt(match, child) : child
  })
  const others = element.children.filter(
    (child) => !used.has(child) && !isContradiction(child, node),
  )
  return {
    name: node.name,
    attributes: attributesOf(element, node),
    children: [...wanted, ...others.map(nodeOf)],
  }
}

/** Attributes of every manager (session/ManagerBase). */
const ofAllManagers: ReadonlySet<string> = new Set([
  'maxActiveSessions',
  'processExpiresFrequency',
  'secureRandomAlgorithm',
  'secureRandomClass',
  'secureRandomProvider',
  'sessionAttributeNameFilter',
  'sessionAttributeValueClassNameFilter',
  'warnOnSessionAttributeFilterFailure',
])

const isCommon = (element: XmlElement, name: string): boolean =>
  element.name === 'Manager' && ofAllManagers.has(name)

/** A node of another class with what holds for both classes, and what is lost of the old one. */
export const withCommonAttributes = (
  element: XmlElement,
  node: XmlNode,
): { readonly node: XmlNode; readonly lost: readonly string[] } => {
  const wanted = new Map(node.attributes)
  const kept = element.attributes.filter(({ name }) => isCommon(element, name) && !wanted.has(name))
  const lost = element.attributes.filter(
    ({ name }) => name !== 'className' && !wanted.has(name) && !isCommon(element, name),
  )
  const isKept = ({ name }: XmlElement): boolean =>
    element.name === 'Manager' && name === 'SessionIdGenerator'
  const generators = element.children.filter(isKept).map(nodeOf)
  const lostChildren = element.children
    .filter((child) => !isKept(child) && !node.children.some(({ name }) => name === child.name))
    .map((child) => `<${child.name}>${classOf(child) === null ? '' : ` (${classOf(child)})`}`)
  return {
    node: {
      ...node,
      attributes: [...node.attributes, ...kept.map(({ name, value }) => [name, value] as const)],
      children: [...node.children, ...generators],
    },
    lost: [...lost.map(({ name, value }) => `${name}="${value}"`), ...lostChildren],
  }
}
