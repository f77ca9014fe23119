import { type Document, isScalar, visit } from 'yaml'
import { type Diagnostic, reporterFor } from '../diagnostics/diagnostic.ts'
import { specCodes } from './codes.ts'

const report = reporterFor(specCodes)

/** A name that maps of JavaScript cannot have: what stands below it would be left out without a word. */
const name = '__proto__'

export const protoKey = (document: Document): Diagnostic | null => {
  let found: Diagnostic | null = null
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== name) return undefined
      const [start, end] = key.range ?? [0, 1]
      found = report(
        'spec-value',
        { kind: 'text', start, end },
        `nothing can be called "${name}"`,
        'choose another name',
      )
      return visit.BREAK
    },
  })
  return found
}
