import { SaxesParser } from 'saxes'
import { entityDeclarations } from './declarations.ts'
import { type DecodedXml, decodeXml } from './decode.ts'
import type { XmlAttribute, XmlComment, XmlDocument, XmlElement } from './document.ts'
import { findFault } from './fault.ts'
import { type LineTable, lineTable, positionAt, refusal, type XmlResult } from './problem.ts'

interface OpenElement extends XmlElement {
  readonly children: XmlElement[]
}

/** saxes reports the offset after the closing quote. A value cannot contain its own quote. */
const attributeEndingAt = (
  text: string,
  end: number,
  name: string,
  value: string,
): XmlAttribute => {
  const quote = text[end - 1] === "'" ? "'" : '"'
  const valueStart = text.lastIndexOf(quote, end - 2) + 1
  const equals = text.lastIndexOf('=', valueStart - 2)
  const start = text.slice(0, equals).trimEnd().length - name.length
  return { name, value, start, valueStart, valueEnd: end - 1, end, quote }
}

/** saxes reports the offset where it stopped, which may be far after the mistake. */
const notWellFormed = (lines: LineTable, said: string, position: number): XmlResult<never> => {
  const { text } = lines
  const fault = findFault(text) ?? {
    offset: Math.max(0, Math.min(position, text.length) - 1),
    message: said.replace(/^\d+:\d+: /, '').replace(/\.$/, ''),
    reason: null,
    help: null,
  }
  const what = 'this is not well-formed XML'
  const reason = fault.reason === null ? what : `${what}: ${fault.reason}`
  const at = positionAt(lines, fault.offset)
  return refusal(`${what}: ${fault.message}`, fault.help, at, reason)
}

/** A server.xml has about eight levels; the functions that walk a document are recursive. */
const maximumDepth = 200

/** Ends the parsing at the first problem: saxes scans the whole line for each further one. */
class Stop extends Error {}

const readWhole = (parser: SaxesParser, text: string): void => {
  try {
    parser.write(text).close()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
  }
}

const parseText = (decoded: DecodedXml): XmlResult<XmlDocument> => {
  const { text } = decoded
  const lines = lineTable(text)
  const parser = new SaxesParser()
  const open: OpenElement[] = []
  const comments: XmlComment[] = []
  let attributes: XmlAttribute[] = []
  const found: { root: XmlElement | null; problem: XmlResult<never> | null } = {
    root: null,
    problem: null,
  }

  parser.on('error', ({ message }) => {
    found.problem ??= notWellFormed(lines, message, parser.position)
    throw new Stop()
  })
  parser.on('doctype', (doctype) => {
    // The content of an external entity is not in this file.
    for (const { name, text: value, isFile } of entityDeclarations(doctype).values())
      parser.ENTITIES[name] ??= isFile ? '' : value
  })
  parser.on('opentagstart', () => {
    attributes = []
  })
  parser.on('attribute', ({ name, value }) => {
    attributes.push(attributeEndingAt(text, parser.position, name, value))
  })
  parser.on('opentag', ({ name, isSelfClosing }) => {
    const openEnd = parser.position
    const start = text.lastIndexOf('<', (attributes[0]?.start ?? openEnd) - 1)
    if (open.length >= maximumDepth) {
      const message = 'the elements of this file are nested too deeply'
      found.problem ??= refusal(message, null, positionAt(lines, start))
      throw new Stop()
    }
    const element = { name, attributes, children: [], start, openEnd, selfClosing: isSelfClosing }
    open.push({ ...element, closeStart: openEnd, end: openEnd })
  })
  parser.on('closetag', ({ isSelfClosing }) => {
    const element = open.pop()
    if (element === undefined) return
    const end = parser.position
    const closeStart = isSelfClosing ? end : text.lastIndexOf('<', end - 1)
    const closed = { ...element, closeStart, end }
    const parent = open.at(-1)
    if (parent === undefined) found.root ??= closed
    else parent.children.push(closed)
  })
  parser.on('comment', () => {
    const start = text.lastIndexOf('<!--', parser.position)
    comments.push({ start, end: text.indexOf('-->', start + 4) + 3 })
  })
  readWhole(parser, text)

  const { root, problem } = found
  if (problem !== null) return problem
  return root === null
    ? refusal('the file contains no element')
    : { ok: true, value: { ...decoded, lines, root, comments } }
}

/**
 * Parses an XML file for editing. A file that is not well-formed, or whose encoding is unknown or
 * contradicts its bytes, is a problem with its position.
 */
export const parseXml = (bytes: Uint8Array): XmlResult<XmlDocument> => {
  const decoded = decodeXml(bytes)
  return decoded.ok ? parseText(decoded.value) : decoded
}

/** Parses a document again after an edit. */
export const reparse = (document: XmlDocument, text: string): XmlDocument => {
  const parsed = parseText({ text, encoding: document.encoding, bom: document.bom })
  if (!parsed.ok) throw new Error(`an edit broke the XML: ${parsed.problem.message}`)
  return parsed.value
}
