import { attributeValue, childrenOf, type XmlElement } from '../xml/document.ts'
import type { XmlNode } from '../xml/write.ts'
import { classOf, effectiveChild, isSingle, wantedClassOf } from './element-class.ts'

const wantedValue = ({ attributes }: XmlNode, key: string): string | null =>
  attributes.find(([name]) => name === key)?.[1] ?? null

/** What tells elements of one name and class apart. */
const keys: Readonly<Record<string, readonly string[]>> = {
  Resource: ['name'],
  Member: ['host', 'port'],
}

const isLike = (element: XmlElement, node: XmlNode): boolean => {
  const own = keys[node.name]
  if (own !== undefined)
    return own.every((key) => attributeValue(element, key) === wantedValue(node, key))
  return classOf(element) === wantedClassOf(node)
}

/**
 * The child that an element to be written stands for: the one in force where Tomcat keeps one only,
 * else the first of the same class; of several resources of one name the first counts.
 */
export const matchChild = (parent: XmlElement, node: XmlNode): XmlElement | null =>
  isSingle(node.name)
    ? effectiveChild(parent, node.name)
    : (childrenOf(parent, node.name).find((child) => isLike(child, node)) ?? null)
