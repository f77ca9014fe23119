import type { XmlDocument, XmlElement } from './document.ts'
import { type LineTable, lineAt, lineStartAt, newlineBefore } from './lines.ts'

const defaultUnit = '  '

/** White space between the start of the line and the offset; null when something else stands there. */
export const indentBefore = (text: string, offset: number): string | null => {
  let start = offset
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--
  const isLineStart = start === 0 || text[start - 1] === '\n' || text[start - 1] === '\r'
  return isLineStart ? text.slice(start, offset) : null
}

/** The line end nearest before the offset, else the first of the file, else LF. */
export const newlineNear = (lines: LineTable, offset: number): string =>
  newlineBefore(lines, lineAt(lines, offset)) ?? newlineBefore(lines, 1) ?? '\n'

/** How the line of an element is indented, wherever on that line the element stands. */
export const lineIndent = (lines: LineTable, offset: number): string =>
  /^[ \t]*/.exec(lines.text.slice(lineStartAt(lines, offset), offset))?.[0] ?? ''

/** What one level adds, taken from the first child in the file that stands on a line of its own. */
const indentUnit = (lines: LineTable, element: XmlElement): string | null => {
  const own = lineIndent(lines, element.start)
  for (const child of element.children) {
    const indent = indentBefore(lines.text, child.start)
    if (indent?.startsWith(own) === true && indent.length > own.length)
      return indent.slice(own.length)
    const deeper = indentUnit(lines, child)
    if (deeper !== null) return deeper
  }
  return null
}

export interface Layout {
  readonly newline: string
  /** Of a child of the element. */
  readonly childIndent: string
  /** What each further level adds. */
  readonly unit: string
  readonly quote: '"' | "'"
  /** What stands before the `/>` of an element without content. */
  readonly beforeSlash: '' | ' '
}

const firstDeep = <Found>(
  element: XmlElement,
  find: (element: XmlElement) => Found | null,
): Found | null => {
  for (const child of element.children) {
    const found = find(child) ?? firstDeep(child, find)
    if (found !== null) return found
  }
  return null
}

/** How a new child of the element should look: as its siblings, else as the rest of the file. */
export const layoutFor = (document: XmlDocument, parent: XmlElement): Layout => {
  const { text, lines, root } = document
  const unit = indentUnit(lines, parent) ?? indentUnit(lines, root) ?? defaultUnit
  const siblingIndent = parent.children
    .map((child) => indentBefore(text, child.start))
    .find((indent) => indent !== null)
  const quoteOf = (element: XmlElement): '"' | "'" | null => element.attributes[0]?.quote ?? null
  const slashOf = (element: XmlElement): '' | ' ' | null =>
    element.selfClosing ? (/\s/.test(text[element.openEnd - 3] ?? '') ? ' ' : '') : null
  return {
    newline: newlineNear(lines, parent.openEnd),
    childIndent: siblingIndent ?? lineIndent(lines, parent.start) + unit,
    unit,
    quote: firstDeep(parent, quoteOf) ?? quoteOf(parent) ?? firstDeep(root, quoteOf) ?? '"',
    beforeSlash: firstDeep(parent, slashOf) ?? firstDeep(root, slashOf) ?? '',
  }
}
