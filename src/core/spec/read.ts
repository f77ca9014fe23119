import { type Diagnostic, reporterFor } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/located.ts'
import { specCodes } from './codes.ts'
import { decodeSpec } from './decode.ts'
import { tooDeepAt } from './nesting.ts'
import { parseText } from './parse.ts'
import type { Spec } from './schema/index.ts'
import { validateSpec } from './validate.ts'

const report = reporterFor(specCodes)

export interface ReadSpec {
  readonly source: Source
  /** null when a diagnostic of severity `error` says why. */
  readonly spec: Spec | null
  readonly diagnostics: readonly Diagnostic[]
}

const nestedTooDeeply = (file: string, text: string, at: number): ReadSpec => ({
  source: { file, text, range: () => [at, at + 1], secrets: () => [] },
  spec: null,
  diagnostics: [
    report(
      'spec-syntax',
      { kind: 'text', start: at, end: at + 1 },
      'the spec is nested too deeply',
      null,
    ),
  ],
})

/**
 * Spec text → parsed → validated. All problems of a stage are reported at once.
 * @param file the name by which messages call it.
 * @param content the bytes of the file, or its text.
 */
export const readSpec = (file: string, content: Uint8Array | string): ReadSpec => {
  const decoded = typeof content === 'string' ? { text: content } : decodeSpec(file, content)
  if (!('text' in decoded)) return decoded
  const deep = tooDeepAt(decoded.text)
  if (deep !== null) return nestedTooDeeply(file, decoded.text, deep)
  const { source, data, diagnostics } = parseText(file, decoded.text)
  if (diagnostics.length > 0) return { source, spec: null, diagnostics }
  const result = validateSpec(data)
  return result.success
    ? { source, spec: result.data, diagnostics: [] }
    : { source, spec: null, diagnostics: result.diagnostics }
}
