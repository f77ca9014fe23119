import type { Place } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { report } from './codes.ts'
import type { XmlDocument } from './xml/document.ts'
import { parseXml } from './xml/parse.ts'
import {
  positionAt,
  refusal,
  type XmlPosition,
  type XmlProblem,
  type XmlResult,
} from './xml/problem.ts'

/** An existing file that is edited in place. */
export interface BaseFile {
  /** As written in the spec. */
  readonly file: string
  readonly document: XmlDocument
}

const placeOf = (file: string, at: XmlPosition | null): Place => ({
  kind: 'file',
  file,
  line: at?.line ?? null,
  column: at?.column ?? null,
  lineText: at?.lineText ?? null,
})

/** The place of an offset in the file. */
export const inBase = ({ file, document }: BaseFile, offset: number): Place =>
  placeOf(file, positionAt(document.lines, offset))

/** A file may belong to thousands of servers: it is parsed once. */
const parsed = new WeakMap<Uint8Array, XmlResult<XmlDocument>>()

const parseOnce = (bytes: Uint8Array): XmlResult<XmlDocument> => {
  const result = parsed.get(bytes) ?? parseXml(bytes)
  parsed.set(bytes, result)
  return result
}

/** Reads a file whose root element must be the given one. */
export const readBase = (
  file: string,
  bytes: Uint8Array,
  root: 'Server' | 'Context',
): XmlResult<BaseFile> => {
  const result = parseOnce(bytes)
  if (!result.ok) return result
  const document = result.value
  const { name, start } = document.root
  if (name === root) return { ok: true, value: { file, document } }
  return refusal(
    `the root element is <${name}>, not <${root}>`,
    root === 'Server' ? 'name a server.xml' : 'name a context file',
    positionAt(document.lines, start),
    `the root element is not <${root}>`,
  )
}

export const reportInvalid = (
  file: string,
  { at, message, help, reason }: XmlProblem,
  findings: Findings,
): void => report(findings, 'tomcat-base-invalid', placeOf(file, at), message, help, reason)
