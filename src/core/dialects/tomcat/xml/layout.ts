import type { XmlDocument, XmlElement } from './document.ts'

const defaultUnit = '  '

/** White space between the start of the line and the offset; null when something else stands there. */
export const indentBefore = (text: string, offset: number): string | null => {
  const lineStart =
    Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  const before = text.slice(lineStart, offset)
  return /^[ \t]*$/.test(before) ? before : null
}

/** The line end nearest before the offset, else the first of the file, else LF. */
export const newlineNear = (text: string, offset: number): string => {
  const before = text
    .slice(0, offset)
    .match(/\r\n|\r|\n/g)
    ?.at(-1)
  return before ?? /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'
}

/** How the line of an element is indented, wherever on that line the element stands. */
export const lineIndent = (text: string, offset: number): string => {
  const lineStart =
    Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? ''
}

/** What one level adds, taken from the first child in the file that stands on a line of its own. */
const indentUnit = (text: string, element: XmlElement): string | null => {
  const own = lineIndent(text, element.start)
  for (const child of element.children) {
    const indent = indentBefore(text, child.start)
    if (indent?.startsWith(own) === true && indent.length > own.length)
      return indent.slice(own.length)
    const deeper = indentUnit(text, child)
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
  const { text, root } = document
  const unit = indentUnit(text, parent) ?? indentUnit(text, root) ?? defaultUnit
  const siblingIndent = parent.children
    .map((child) => indentBefore(text, child.start))
    .find((indent) => indent !== null)
  const quoteOf = (element: XmlElement): '"' | "'" | null => element.attributes[0]?.quote ?? null
  const slashOf = (element: XmlElement): '' | ' ' | null =>
    element.selfClosing ? (/\s/.test(text[element.openEnd - 3] ?? '') ? ' ' : '') : null
  return {
    newline: newlineNear(text, parent.openEnd),
    childIndent: siblingIndent ?? lineIndent(text, parent.start) + unit,
    unit,
    quote: firstDeep(parent, quoteOf) ?? quoteOf(parent) ?? firstDeep(root, quoteOf) ?? '"',
    beforeSlash: firstDeep(parent, slashOf) ?? firstDeep(root, slashOf) ?? '',
  }
}
