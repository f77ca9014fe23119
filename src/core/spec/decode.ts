import { type Diagnostic, reporterFor } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/located.ts'
import { specCodes } from './codes.ts'
import { secretSpans } from './secrets.ts'

const report = reporterFor(specCodes)

interface Refused {
  readonly source: Source
  readonly spec: null
  readonly written: undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** How much of the bytes is text: the longest start that decodes. */
const readableStart = (bytes: Uint8Array): string => {
  const text = new TextDecoder('utf-8').decode(bytes)
  const bad = text.indexOf('\uFFFD')
  return bad === -1 ? text : text.slice(0, bad)
}

/** Bytes → text. A byte order mark goes; bytes that are not UTF-8 are a located diagnostic. */
export const decodeSpec = (
  file: string,
  bytes: Uint8Array,
): { readonly text: string } | Refused => {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const start = readableStart(bytes)
    const isUtf16 =
      (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    const message = isUtf16
      ? 'the spec is UTF-16'
      : `byte ${new TextEncoder().encode(start).length + 1} of the spec is not UTF-8`
    return {
      source: {
        file,
        text: start,
        range: () => [0, 1],
        secrets: () => secretSpans(start, null, false),
      },
      spec: null,
      written: undefined,
      diagnostics: [
        report(
          'spec-encoding',
          { kind: 'text', start: start.length, end: start.length + 1 },
          message,
          'save the file as UTF-8',
        ),
      ],
    }
  }
}
