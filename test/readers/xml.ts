import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml'

/** An element as any XML processor reports it: names as written, values with references undone. */
export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** Child elements in order. */
  readonly elements: readonly Element[]
  /** All text directly within it, CDATA sections included. */
  readonly text: string
}

const declaredEncoding = /^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/

/** By its byte order mark, else by its XML declaration, else UTF-8. */
const encodingOf = (bytes: Uint8Array): string => {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  return declaredEncoding.exec(start)?.[1] ?? 'utf-8'
}

const elementOf = (parsed: XmlElement): Element => ({
  name: parsed.name,
  attributes: new Map(Object.entries(parsed.attributes)),
  elements: parsed.children.filter((child) => child instanceof XmlElement).map(elementOf),
  text: parsed.children
    .filter((child) => child instanceof XmlText)
    .map(({ text }) => text)
    .join(''),
})

/**
 * The root element of an XML document, by a parser that sessctl itself does not use. Bytes are
 * decoded as their mark or declaration says. Throws what the parser throws when it is not
 * well-formed, and TypeError where the bytes are not in their encoding.
 */
export const readXml = (document: string | Uint8Array): Element => {
  const text =
    typeof document === 'string'
      ? document
      : new TextDecoder(encodingOf(document), { fatal: true }).decode(document)
  const { root } = parseXml(text)
  if (root === null) throw new TypeError('no root element')
  return elementOf(root)
}
