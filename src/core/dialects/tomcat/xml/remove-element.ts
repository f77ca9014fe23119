import type { XmlDocument, XmlElement } from './document.ts'
import { indentBefore, layoutFor, lineIndent } from './layout.ts'
import { formatNode, type XmlNode } from './node.ts'
import type { Splice } from './splice.ts'

/** Removes an element, with its line or lines when nothing else stands on them. */
export const removeElement = (document: XmlDocument, element: XmlElement): readonly Splice[] => {
  const indent = indentBefore(document.text, element.start)
  const rest = /^[ \t]*(\r\n|\r|\n)/.exec(document.text.slice(element.end))
  if (indent === null || rest === null)
    return [{ start: element.start, end: element.end, text: '' }]
  return [{ start: element.start - indent.length, end: element.end + rest[0].length, text: '' }]
}

/** Writes another element in the place of one. */
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
