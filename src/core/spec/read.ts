import type { Findings } from '../diagnostics/findings.ts'
import type { Source } from '../diagnostics/located.ts'
import { report } from './codes.ts'
import { bidirectionalComments } from './invisible.ts'
import { parseText, unreadSource } from './parse.ts'
import type { Spec } from './schema/index.ts'
import { validateSpec } from './validate.ts'

export interface ParsedSpec {
  readonly source: Source
  /** null when an error is reported. */
  readonly spec: Spec | null
  /** The data before defaults are filled in; undefined if the text cannot be parsed. */
  readonly written: unknown
}

/** The longest start of the bytes that is UTF-8. */
const readableStart = (bytes: Uint8Array): string => {
  const text = new TextDecoder('utf-8').decode(bytes)
  const bad = text.indexOf('\uFFFD')
  return bad === -1 ? text : text.slice(0, bad)
}

const reportEncoding = (bytes: Uint8Array, start: string, findings: Findings): void => {
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const message = isUtf16
    ? 'the spec is encoded in UTF-16'
    : `byte ${new TextEncoder().encode(start).length + 1} of the spec is not UTF-8`
  const at = { kind: 'text', start: start.length, end: start.length + 1 } as const
  report(findings, 'spec-encoding', at, message, 'save the file as UTF-8')
}

/** The text without a byte order mark; null if the bytes are not UTF-8. */
const decoded = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return null
  }
}

/** Bytes or text → parsed → validated. All problems of a step are reported at once. */
export const parseSpec = (
  file: string,
  content: Uint8Array | string,
  findings: Findings,
): ParsedSpec => {
  const text = typeof content === 'string' ? content : decoded(content)
  if (text === null) {
    const bytes = content as Uint8Array
    const start = readableStart(bytes)
    reportEncoding(bytes, start, findings)
    return { source: unreadSource(file, start), spec: null, written: undefined }
  }
  const { source, data } = parseText(file, text, findings)
  if (data === undefined) return { source, spec: null, written: undefined }
  const spec = validateSpec(data, findings)
  if (spec !== null) bidirectionalComments(source, findings)
  return { source, spec, written: data }
}
