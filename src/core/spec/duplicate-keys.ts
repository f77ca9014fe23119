import { type Document, isScalar, type Scalar, visit } from 'yaml'
import { type Diagnostic, reporterFor } from '../diagnostics/diagnostic.ts'
import { specCodes } from './codes.ts'

const report = reporterFor(specCodes)

/** Nobody reads more than this many. */
const shown = 20

const duplicate = ({ range }: Scalar): Diagnostic => {
  const [start, end] = range ?? [0, 1]
  return report(
    'spec-syntax',
    { kind: 'text', start, end },
    'this key stands in its map for the second time',
    'remove one of the two',
  )
}

/** The YAML reader would compare each key with all before it: too much for 10,000 servers. */
export const duplicateKeys = (document: Document): readonly Diagnostic[] => {
  const found: Diagnostic[] = []
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value) && found.length < shown) found.push(duplicate(key))
        seen.add(key.value)
      }
    },
  })
  return found
}
