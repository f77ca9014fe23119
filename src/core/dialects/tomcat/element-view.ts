import { type AttributeView, attributeViews } from './attribute.ts'
import type { XmlNode } from './xml/write.ts'

/** For templates/tomcat/partials/element.hbs: an element with all that is in it. */
export interface ElementView {
  readonly indent: string
  readonly name: string
  readonly attributes: readonly AttributeView[]
  readonly children: readonly ElementView[]
}

const unit = '  '

/** @param depth how many levels the element is indented. */
export const elementView = (
  { name, attributes, children }: XmlNode,
  depth: number,
): ElementView => ({
  indent: unit.repeat(depth),
  name,
  attributes: attributeViews(attributes),
  children: children.map((child) => elementView(child, depth + 1)),
})
