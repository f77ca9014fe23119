import type { DecodedXml } from './decode.ts'
import type { LineTable } from './problem.ts'

/** Offsets are UTF-16 code units in `XmlDocument.text`; ends are exclusive. */
export interface XmlAttribute {
  readonly name: string
  /** As parsers return it: references resolved, white space normalised. */
  readonly value: string
  /** Offset of the name. */
  readonly start: number
  /** Between the quotes. */
  readonly valueStart: number
  readonly valueEnd: number
  /** After the closing quote. */
  readonly end: number
  readonly quote: '"' | "'"
}

export interface XmlElement {
  readonly name: string
  /** In document order. */
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  /** Offset of the `<`. */
  readonly start: number
  /** After the `>` of the start tag. */
  readonly openEnd: number
  /** Offset of the `</`; `openEnd` for a self-closing element. */
  readonly closeStart: number
  /** After the last `>`. */
  readonly end: number
  readonly selfClosing: boolean
}

export interface XmlComment {
  readonly start: number
  readonly end: number
}

/** A file that can be edited in place: its text, and the offsets of its elements. */
export interface XmlDocument extends DecodedXml {
  readonly lines: LineTable
  readonly root: XmlElement
  /** In document order. */
  readonly comments: readonly XmlComment[]
}

export const attributeOf = (element: XmlElement, name: string): XmlAttribute | null =>
  element.attributes.find((attribute) => attribute.name === name) ?? null

export const attributeValue = (element: XmlElement, name: string): string | null =>
  attributeOf(element, name)?.value ?? null

/** The child elements of that name, in document order. */
export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name)
