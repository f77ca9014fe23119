import { attributeOf, type XmlAttribute, type XmlDocument, type XmlElement } from './document.ts'
import { escapeAttribute } from './escape.ts'
import { layoutFor } from './layout.ts'
import type { Splice } from './splice.ts'

/** White space before the last attribute when it begins a line, so that the new one does as well. */
const gapBefore = (text: string, attributes: readonly XmlAttribute[]): string => {
  const [previous, last] = attributes.slice(-2)
  if (previous === undefined || last === undefined) return ' '
  const gap = text.slice(previous.end, last.start)
  return /[\r\n]/.test(gap) ? gap : ' '
}

const addAttribute = (
  document: XmlDocument,
  element: XmlElement,
  name: string,
  value: string,
): Splice => {
  const last = element.attributes.at(-1)
  const quote = last?.quote ?? layoutFor(document, element).quote
  const at = last?.end ?? element.start + 1 + element.name.length
  const gap = gapBefore(document.text, element.attributes)
  const written = escapeAttribute(value, quote, document.encoding)
  return { start: at, end: at, text: `${gap}${name}=${quote}${written}${quote}` }
}

/**
 * Sets one attribute. An existing one keeps its place and quotes, and only what stands between
 * them is replaced; nothing at all when it already means the same. A new one follows the last.
 */
export const setAttribute = (
  document: XmlDocument,
  element: XmlElement,
  name: string,
  value: string,
): readonly Splice[] => {
  const existing = attributeOf(element, name)
  if (existing === null) return [addAttribute(document, element, name, value)]
  if (existing.value === value) return []
  const text = escapeAttribute(value, existing.quote, document.encoding)
  return [{ start: existing.valueStart, end: existing.valueEnd, text }]
}

/** Removes one attribute with the white space before it; nothing when there is none. */
export const removeAttribute = (
  document: XmlDocument,
  element: XmlElement,
  name: string,
): readonly Splice[] => {
  const existing = attributeOf(element, name)
  if (existing === null) return []
  const start = document.text.slice(0, existing.start).trimEnd().length
  return [{ start, end: existing.end, text: '' }]
}
