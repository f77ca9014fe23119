import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/located.ts'
import { decodeSpec } from './decode.ts'
import { bidirectionalComments } from './invisible.ts'
import { parseText } from './parse.ts'
import type { Spec } from './schema/index.ts'
import { validateSpec } from './validate.ts'

export interface ReadSpec {
  readonly source: Source
  /** null when a diagnostic of severity `error` says why. */
  readonly spec: Spec | null
  /** The data as it was written, before defaults were filled in; undefined when it could not be read. */
  readonly written: unknown
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Spec text → parsed → validated. All problems of a stage are reported at once.
 * @param file the name by which messages call it.
 * @param content the bytes of the file, or its text.
 */
export const readSpec = (file: string, content: Uint8Array | string): ReadSpec => {
  const decoded = typeof content === 'string' ? { text: content } : decodeSpec(file, content)
  if (!('text' in decoded)) return decoded
  const { source, data, diagnostics } = parseText(file, decoded.text)
  if (diagnostics.length > 0) return { source, spec: null, written: undefined, diagnostics }
  const result = validateSpec(data)
  return result.success
    ? { source, spec: result.data, written: data, diagnostics: bidirectionalComments(source) }
    : { source, spec: null, written: data, diagnostics: result.diagnostics }
}
