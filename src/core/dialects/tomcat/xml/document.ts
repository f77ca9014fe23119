import type { DecodedXml } from './decode.ts'
import type { LineTable } from './lines.ts'

/** Offsets are UTF-16 code units in `XmlDocument.text`; ends are exclusive. */
export interface XmlAttribute {
  readonly name: string
  /** As a parser hands it on: references resolved, white space normalised. */
  readonly value: string
  /** Of the name. */
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
  /** In the order of the file. */
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  /** Of the `<`. */
  readonly start: number
  /** After the `>` of the start tag. */
  readonly openEnd: number
  /** Of the `</`; `openEnd` when the element closes itself. */
  readonly closeStart: number
  /** After the last `>`. */
  readonly end: number
  readonly selfClosing: boolean
}

export interface XmlComment {
  readonly start: number
  readonly end: number
}

/** A file that can be edited in place: its text, and where everything in it stands. */
export interface XmlDocument extends DecodedXml {
  readonly lines: LineTable
  readonly root: XmlElement
  /** In the order of the file. */
  readonly comments: readonly XmlComment[]
}

/** The attribute of that name, or null. */
export const attributeOf = (element: XmlElement, name: string): XmlAttribute | null =>
  element.attributes.find((attribute) => attribute.name === name) ?? null

/** The value of the attribute of that name, or null. */
export const attributeValue = (element: XmlElement, name: string): string | null =>
  attributeOf(element, name)?.value ?? null

/** The child elements of that name, in the order of the file; what is commented out is none. */
export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name)
