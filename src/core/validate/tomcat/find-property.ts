import {
  attributeOf,
  type XmlDocument,
  type XmlElement,
} from '../../dialects/tomcat/xml/document.ts'
import { positionAt } from '../../dialects/tomcat/xml/problem.ts'

/** Every element that a digester calls by this path, such as `Server/Service/Connector`. */
const elementsAt = (root: XmlElement, path: string): readonly XmlElement[] => {
  const [first, ...names] = path.split('/')
  let found: readonly XmlElement[] = root.name === first ? [root] : []
  for (const name of names) {
    found = found.flatMap(({ children }) => children.filter((child) => child.name === name))
  }
  return found
}

/**
 * Line of an attribute, or of an element when no attribute is named; null when the document has no
 * such thing. One with the value is better than one with another.
 */
export const lineOf = (
  document: XmlDocument,
  path: string,
  attribute: { readonly name: string; readonly value: string } | null,
): number | null => {
  const elements = elementsAt(document.root, path)
  const at = (offset: number | undefined): number | null =>
    offset === undefined ? null : positionAt(document.lines, offset).line
  if (attribute === null) return at(elements[0]?.start)
  const attributes = elements.flatMap((element) => attributeOf(element, attribute.name) ?? [])
  const exact = attributes.find(({ value }) => value === attribute.value)
  return at((exact ?? attributes[0])?.start)
}
