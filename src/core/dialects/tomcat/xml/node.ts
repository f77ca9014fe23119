import type { Encoding } from '../../../render/encoding.ts'
import { escapeAttribute } from './escape.ts'
import type { Layout } from './layout.ts'

/** An element to write. Names are ours, never the user's; values may be anything that `isXmlText`. */
export interface XmlNode {
  readonly name: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly XmlNode[]
  /** Attributes that only a new element gets: an existing one keeps its own values of them. */
  readonly defaults?: readonly string[]
}

/** The element in the layout of its new surroundings; its first line is not indented. */
export const formatNode = (node: XmlNode, layout: Layout, encoding: Encoding): string => {
  const { newline, childIndent, unit, quote, beforeSlash } = layout
  const attributes = node.attributes
    .map(([name, value]) => ` ${name}=${quote}${escapeAttribute(value, quote, encoding)}${quote}`)
    .join('')
  if (node.children.length === 0) return `<${node.name}${attributes}${beforeSlash}/>`
  const inner = { ...layout, childIndent: childIndent + unit }
  const children = node.children.map(
    (child) => `${newline}${inner.childIndent}${formatNode(child, inner, encoding)}`,
  )
  return `<${node.name}${attributes}>${children.join('')}${newline}${childIndent}</${node.name}>`
}
