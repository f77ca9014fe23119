import { type ConfigEdit, editText } from '../../../config/text.ts'
import { attributeOf, type XmlAttribute, type XmlDocument, type XmlElement } from './document.ts'
import { reparse } from './parse.ts'
import {
  escapeAttribute,
  formatNode,
  indentBefore,
  layoutFor,
  lineIndent,
  type XmlNode,
} from './write.ts'

export type Splice = ConfigEdit

export const applySplices = editText

/** The document after some edits. */
export const applied = (document: XmlDocument, splices: readonly Splice[]): XmlDocument =>
  splices.length === 0 ? document : reparse(document, applySplices(document.text, splices))

/** The line break before the last attribute, so that a new attribute starts a line too; else a space. */
const gapBefore = (text: string, attributes: readonly XmlAttribute[]): string => {
  const [previous, last] = attributes.slice(-2)
  if (previous === undefined || last === undefined) return ' '
  const gap = text.slice(previous.end, last.start)
  return /[\r\n]/.test(gap) ? gap : ' '
}

/**
 * Sets one attribute. An existing attribute keeps its place and quotes, and only the text between the
 * quotes is replaced, if its value differs. A new attribute follows the last one.
 */
export const setAttribute = (
  document: XmlDocument,
  element: XmlElement,
  name: string,
  value: string,
): readonly Splice[] => {
  const { text, encoding } = document
  const existing = attributeOf(element, name)
  if (existing !== null) {
    const { valueStart: start, valueEnd: end, quote } = existing
    if (existing.value === value) return []
    return [{ start, end, text: escapeAttribute(value, quote, encoding) }]
  }
  const last = element.attributes.at(-1)
  const quote = last?.quote ?? layoutFor(document, element).quote
  const at = last?.end ?? element.start + 1 + element.name.length
  const written = `${name}=${quote}${escapeAttribute(value, quote, encoding)}${quote}`
  return [{ start: at, end: at, text: `${gapBefore(text, element.attributes)}${written}` }]
}

/** Removes one attribute with the white space before it; nothing if there is no such attribute. */
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

/** Where a new child is inserted; `before` is also before the comments that belong to the sibling. */
export type ChildPlace =
  | { readonly kind: 'last' }
  | { readonly kind: 'before' | 'after'; readonly sibling: XmlElement }

const openSelfClosed = (document: XmlDocument, parent: XmlElement, node: XmlNode): Splice => {
  const layout = layoutFor(document, parent)
  const { newline, childIndent } = layout
  const start = document.text.slice(0, parent.openEnd - 2).trimEnd().length
  const child = `${newline}${childIndent}${formatNode(node, layout, document.encoding)}`
  const close = `${newline}${lineIndent(document.lines, parent.start)}</${parent.name}>`
  return { start, end: parent.openEnd, text: `>${child}${close}` }
}

/** The start of the comments that end directly above the offset, without an empty line between. */
const withCommentsAbove = ({ text, comments }: XmlDocument, offset: number): number => {
  let at = offset
  for (const { start, end } of comments.toReversed()) {
    if (end > at) continue
    const isAdjacent = /^[ \t]*(?:\r\n|\r|\n)[ \t]*$/.test(text.slice(end, at))
    if (!isAdjacent || indentBefore(text, start) === null) break
    at = start
  }
  return at
}

/** The end of the comments that follow on the same line: they describe the element before them. */
const withCommentsBehind = ({ text, comments }: XmlDocument, offset: number): number => {
  let at = offset
  for (const { start, end } of comments) {
    if (start < at) continue
    if (!/^[ \t]*$/.test(text.slice(at, start)) || /[\r\n]/.test(text.slice(start, end))) break
    at = end
  }
  return at
}

const insertBeside = (
  document: XmlDocument,
  parent: XmlElement,
  kind: 'before' | 'after',
  sibling: XmlElement,
  node: XmlNode,
): Splice => {
  const layout = layoutFor(document, parent)
  const written = formatNode(node, layout, document.encoding)
  const isBefore = kind === 'before'
  if (indentBefore(document.text, sibling.start) === null) {
    const at = isBefore ? sibling.start : sibling.end
    return { start: at, end: at, text: written }
  }
  if (isBefore) {
    const at = withCommentsAbove(document, sibling.start)
    const indent = indentBefore(document.text, at) ?? ''
    return { start: at, end: at, text: `${written}${layout.newline}${indent}` }
  }
  const at = withCommentsBehind(document, sibling.end)
  return { start: at, end: at, text: `${layout.newline}${layout.childIndent}${written}` }
}

const insertLast = (document: XmlDocument, parent: XmlElement, node: XmlNode): Splice => {
  const { text, encoding } = document
  const layout = layoutFor(document, parent)
  const written = formatNode(node, layout, encoding)
  const closeIndent = indentBefore(text, parent.closeStart)
  const at = parent.closeStart - (closeIndent?.length ?? 0)
  if (closeIndent !== null && at > parent.openEnd)
    return { start: at, end: at, text: `${layout.childIndent}${written}${layout.newline}` }
  const isInline = text.slice(parent.openEnd, parent.closeStart).trim() !== ''
  const before = isInline ? '' : `${layout.newline}${layout.childIndent}`
  const after = isInline ? '' : `${layout.newline}${lineIndent(document.lines, parent.start)}`
  const from = isInline ? parent.closeStart : parent.openEnd
  return { start: from, end: parent.closeStart, text: `${before}${written}${after}` }
}

/** Inserts a child with the indentation, quotes and line ends around it. */
export const insertChild = (
  document: XmlDocument,
  parent: XmlElement,
  node: XmlNode,
  place: ChildPlace,
): readonly Splice[] => {
  if (parent.selfClosing) return [openSelfClosed(document, parent, node)]
  return place.kind === 'last'
    ? [insertLast(document, parent, node)]
    : [insertBeside(document, parent, place.kind, place.sibling, node)]
}

/** Removes an element, and its lines if they contain nothing else. */
export const removeElement = (document: XmlDocument, element: XmlElement): readonly Splice[] => {
  const indent = indentBefore(document.text, element.start)
  const rest = /^[ \t]*(\r\n|\r|\n)/.exec(document.text.slice(element.end))
  if (indent === null || rest === null)
    return [{ start: element.start, end: element.end, text: '' }]
  return [{ start: element.start - indent.length, end: element.end + rest[0].length, text: '' }]
}

/** Replaces an element with another one. */
export const replaceElement = (
  document: XmlDocument,
  parent: XmlElement,
  element: XmlElement,
  node: XmlNode,
): readonly Splice[] => {
  const layout = {
    ...layoutFor(document, parent),
    childIndent: lineIndent(document.lines, element.start),
  }
  return [
    { start: element.start, end: element.end, text: formatNode(node, layout, document.encoding) },
  ]
}
