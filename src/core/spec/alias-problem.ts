import { type Document, visit } from 'yaml'
import { type Diagnostic, type Place, reporterFor } from '../diagnostics/diagnostic.ts'
import { specCodes } from './codes.ts'

const report = reporterFor(specCodes)

const atStart: Place = { kind: 'text', start: 0, end: 1 }

/** The first alias of that name; the YAML reader finds out about it too late to say where it stands. */
const aliasPlace = (document: Document, name: string): Place => {
  let place = atStart
  visit(document, {
    Alias: (_, alias) => {
      if (alias.source !== name) return undefined
      const [start, end] = alias.range ?? [0, 1]
      place = { kind: 'text', start, end }
      return visit.BREAK
    },
  })
  return place
}

/** What stands in the way of plain data: an alias for nothing, or too many of them. */
export const aliasProblem = (document: Document, { message }: ReferenceError): Diagnostic => {
  const unresolved = /^Unresolved alias [^:]*: (.*)/s.exec(message)?.[1]
  if (unresolved === undefined) {
    return report(
      'spec-alias-limit',
      atStart,
      'excessive alias count indicates a resource exhaustion attack',
      'write the repeated part out',
    )
  }
  // The name is not quoted: a password may well start with "*".
  return report(
    'spec-syntax',
    aliasPlace(document, unresolved),
    'an alias for which there is no anchor',
    'put a value that starts with "*" in quotes',
  )
}
