import { readFileSync } from 'node:fs'
import { parseXml as parseWithOracle } from '@rgrove/parse-xml'
import type { DecodedXml } from '../../../../src/core/dialects/tomcat/xml/decode.ts'
import type { XmlDocument, XmlElement } from '../../../../src/core/dialects/tomcat/xml/document.ts'
import { applySplices, type Splice } from '../../../../src/core/dialects/tomcat/xml/edit.ts'
import { parseXml } from '../../../../src/core/dialects/tomcat/xml/parse.ts'
import { encodeText } from '../../../../src/core/render/encode-text.ts'

export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../fixtures/tomcat/base/${name}`, import.meta.url)))

/** Parses or fails the test with the problem. */
export const parsed = (source: string | Uint8Array): XmlDocument => {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const result = parseXml(bytes)
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

export const deepFind = (element: XmlElement, name: string): XmlElement | null => {
  if (element.name === name) return element
  for (const child of element.children) {
    const found = deepFind(child, name)
    if (found !== null) return found
  }
  return null
}

/** The first element of that name, or a failed test. */
export const find = (document: XmlDocument, name: string): XmlElement => {
  const found = deepFind(document.root, name)
  if (found === null) throw new Error(`no <${name}>`)
  return found
}

type Edit = (document: XmlDocument) => readonly Splice[]

export const edited = (source: string | Uint8Array, edit: Edit): string => {
  const document = parsed(source)
  return applySplices(document.text, edit(document))
}

/** As the pipeline writes it. */
export const bytesOf = ({ text, encoding, bom }: DecodedXml): Uint8Array =>
  encodeText(bom ? `\ufeff${text}` : text, encoding)

export const editedBytes = (bytes: Uint8Array, edit: Edit): Uint8Array => {
  const document = parsed(bytes)
  return bytesOf({ ...document, text: applySplices(document.text, edit(document)) })
}

/** A node as the oracle prints it. */
export interface OracleNode {
  readonly type: string
  readonly name?: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly children?: readonly OracleNode[]
  readonly text?: string
}

/** What an independent parser reads, white space included. */
export const readByOracle = (text: string): OracleNode => {
  const options = { preserveComments: true, preserveCdata: true }
  return parseWithOracle(text, options).toJSON() as unknown as OracleNode
}

/** Whether the second file is the first with `removed` at exactly one place, and `added` in its stead. */
export const isReplacement = (
  before: Uint8Array,
  after: Uint8Array,
  removed: Uint8Array,
  added: Uint8Array,
): boolean => {
  const from = Buffer.from(before)
  for (let at = from.indexOf(removed); at !== -1; at = from.indexOf(removed, at + 1)) {
    const rest = from.subarray(at + removed.length)
    if (Buffer.concat([from.subarray(0, at), added, rest]).equals(after)) return true
    if (at === from.length) return false
  }
  return false
}
