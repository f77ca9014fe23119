import type { XmlDocument, XmlElement } from './document.ts'
import { indentBefore, layoutFor, lineIndent } from './layout.ts'
import { formatNode, type XmlNode } from './node.ts'
import type { Splice } from './splice.ts'

/** Where a new child goes; `before` goes above the comments that belong to the element as well. */
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

/** Start of the comments directly above an offset, without an empty line between, that begin a line. */
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

/** After the comments that follow on the same line, since those speak about what stands before them. */
const withCommentsBehind = ({ text, comments }: XmlDocument, offset: number): number => {
  let at = offset
  for (const { start, end } of comments) {
    if (start < at) continue
    if (!/^[ \t]*$/.test(text.slice(at, start)) || /[\r\n]/.test(text.slice(start, end))) break
    at = end
  }
  return at
}

const beforeElement = (
  document: XmlDocument,
  parent: XmlElement,
  sibling: XmlElement,
  node: XmlNode,
): Splice => {
  const layout = layoutFor(document, parent)
  const written = formatNode(node, layout, document.encoding)
  if (indentBefore(document.text, sibling.start) === null)
    return { start: sibling.start, end: sibling.start, text: written }
  const at = withCommentsAbove(document, sibling.start)
  const indent = indentBefore(document.text, at) ?? ''
  return { start: at, end: at, text: `${written}${layout.newline}${indent}` }
}

const afterElement = (
  document: XmlDocument,
  parent: XmlElement,
  sibling: XmlElement,
  node: XmlNode,
): Splice => {
  const layout = layoutFor(document, parent)
  const written = formatNode(node, layout, document.encoding)
  if (indentBefore(document.text, sibling.start) === null)
    return { start: sibling.end, end: sibling.end, text: written }
  const at = withCommentsBehind(document, sibling.end)
  return { start: at, end: at, text: `${layout.newline}${layout.childIndent}${written}` }
}

const lastIn = (document: XmlDocument, parent: XmlElement, node: XmlNode): Splice => {
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

/** Writes a new child in the indentation, quotes and line ends around it; a self-closed parent is opened. */
export const insertChild = (
  document: XmlDocument,
  parent: XmlElement,
  node: XmlNode,
  place: ChildPlace,
): readonly Splice[] => {
  if (parent.selfClosing) return [openSelfClosed(document, parent, node)]
  if (place.kind === 'last') return [lastIn(document, parent, node)]
  return place.kind === 'before'
    ? [beforeElement(document, parent, place.sibling, node)]
    : [afterElement(document, parent, place.sibling, node)]
}
