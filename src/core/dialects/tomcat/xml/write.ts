import type { Encoding } from '../../../render/encoding.ts'
import { singleByteTable } from '../../../render/single-byte.ts'
import type { XmlDocument, XmlElement } from './document.ts'
import { type LineTable, lineAt, lineStartAt, newlineBefore } from './problem.ts'

/** The name comes from sessctl; the value may come from the user. */
export type Attribute = readonly [name: string, value: string]

/** An element to write. Names come from sessctl; values may be anything that `isXmlText` accepts. */
export interface XmlNode {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly children: readonly XmlNode[]
  /** Attributes that are written into a new element only: an existing element keeps its values. */
  readonly defaults?: readonly string[]
  /** Attributes with the value that Tomcat uses without them: an existing element does not get them. */
  readonly implied?: readonly string[]
  /**
   * Attributes that other forms of the element have. They are removed from an existing element, unless
   * their value is one that has the same effect as none.
   */
  readonly absent?: readonly (readonly [name: string, harmless: RegExp])[]
  /** The content of an element without children. */
  readonly text?: string
}

/** An element without the attributes whose value is null. */
export const xmlNode = (
  name: string,
  attributes: readonly (readonly [name: string, value: string | null])[],
  children: readonly XmlNode[] = [],
  defaults: readonly string[] = [],
  implied: readonly string[] = [],
): XmlNode => ({
  name,
  attributes: attributes.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  children,
  defaults,
  implied,
})

const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Not a Char of XML 1.0: no reference can represent it either. */
export const forbiddenCharacter = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/** Whether an XML document can contain the text. */
export const isXmlText = (value: string): boolean => !forbiddenCharacter.test(value)

const characterTest = (encoding: Encoding): ((char: string) => boolean) => {
  const table = singleByteTable(encoding)
  if (table === null) return () => true
  const known = new Set(table)
  return (char) => known.has(char.codePointAt(0) ?? 0)
}

/**
 * Escapes a value for an attribute in the given quotes: a parser returns exactly `value`. Characters
 * that the encoding lacks, and the white space that parsers normalise, become numeric references.
 * @throws RangeError for characters that XML does not allow; check with `isXmlText` first.
 */
export const escapeAttribute = (value: string, quote: '"' | "'", encoding: Encoding): string => {
  if (!isXmlText(value)) throw new RangeError('a control character cannot be written in XML')
  const isKnown = characterTest(encoding)
  const escapeOne = (char: string): string => {
    if (char === '&' || char === '<' || char === quote) return named[char] ?? char
    return isKnown(char) && !/[\t\n\r\u{85}\u{2028}]/u.test(char)
      ? char
      : `&#${char.codePointAt(0)};`
  }
  return Array.from(value, escapeOne).join('')
}

/** White space between the start of the line and the offset; null if the line has other text there. */
export const indentBefore = (text: string, offset: number): string | null => {
  let start = offset
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--
  const isLineStart = start === 0 || text[start - 1] === '\n' || text[start - 1] === '\r'
  return isLineStart ? text.slice(start, offset) : null
}

/** The indentation of the line that contains the offset. */
export const lineIndent = (lines: LineTable, offset: number): string =>
  /^[ \t]*/.exec(lines.text.slice(lineStartAt(lines, offset), offset))?.[0] ?? ''

/** The indentation of one level, taken from the first child element that starts a line. */
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

/** How elements are written. */
export interface Layout {
  readonly newline: string
  /** The indentation of the element; its first line is not indented by `formatNode`. */
  readonly childIndent: string
  /** Added for each further level. */
  readonly unit: string
  readonly quote: '"' | "'"
  /** Before the `/>` of an element without content. */
  readonly beforeSlash: '' | ' '
}

const firstBelow = <Found>(
  element: XmlElement,
  find: (element: XmlElement) => Found | null,
): Found | null => {
  for (const child of element.children) {
    const found = find(child) ?? firstBelow(child, find)
    if (found !== null) return found
  }
  return null
}

/** The layout for a new child of an existing element: that of its siblings, else of the file. */
export const layoutFor = (document: XmlDocument, parent: XmlElement): Layout => {
  const { text, lines, root } = document
  const unit = indentUnit(lines, parent) ?? indentUnit(lines, root) ?? '  '
  const siblingIndent = parent.children
    .map((child) => indentBefore(text, child.start))
    .find((indent) => indent !== null)
  const quoteOf = (element: XmlElement): '"' | "'" | null => element.attributes[0]?.quote ?? null
  const slashOf = (element: XmlElement): '' | ' ' | null =>
    element.selfClosing ? (/\s/.test(text[element.openEnd - 3] ?? '') ? ' ' : '') : null
  return {
    newline: newlineBefore(lines, lineAt(lines, parent.openEnd)) ?? newlineBefore(lines, 1) ?? '\n',
    childIndent: siblingIndent ?? lineIndent(lines, parent.start) + unit,
    unit,
    quote: firstBelow(parent, quoteOf) ?? quoteOf(parent) ?? firstBelow(root, quoteOf) ?? '"',
    beforeSlash: firstBelow(parent, slashOf) ?? firstBelow(root, slashOf) ?? '',
  }
}

/** Everything that sessctl writes as an XML element, into a new or an existing file, is written here. */
export const formatNode = (node: XmlNode, layout: Layout, encoding: Encoding): string => {
  const { newline, childIndent, unit, quote, beforeSlash } = layout
  const attributes = node.attributes
    .map(([name, value]) => ` ${name}=${quote}${escapeAttribute(value, quote, encoding)}${quote}`)
    .join('')
  const start = `<${node.name}${attributes}`
  if (node.text !== undefined)
    return `${start}>${escapeAttribute(node.text, quote, encoding)}</${node.name}>`
  if (node.children.length === 0) return `${start}${beforeSlash}/>`
  const inner = { ...layout, childIndent: childIndent + unit }
  const children = node.children.map(
    (child) => `${newline}${inner.childIndent}${formatNode(child, inner, encoding)}`,
  )
  return `${start}>${children.join('')}${newline}${childIndent}</${node.name}>`
}

/** An element of a new file, `depth` levels deep. */
export const newElement = (node: XmlNode, depth: number): string =>
  formatNode(
    node,
    { newline: '\n', childIndent: '  '.repeat(depth), unit: '  ', quote: '"', beforeSlash: '' },
    'utf-8',
  )
