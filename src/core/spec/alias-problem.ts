import { type Document, isCollection, visit } from 'yaml'
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

export const tooManyAliases = (at: Place): Diagnostic =>
  report(
    'spec-alias-limit',
    at,
    'the aliases ("*") of this spec stand for too many values',
    'write the values where they belong, without aliases',
  )

/** What stands in the way of plain data: an alias for nothing, or too many of them. */
export const aliasProblem = (document: Document, { message }: ReferenceError): Diagnostic => {
  const unresolved = /^Unresolved alias [^:]*: (.*)/s.exec(message)?.[1]
  if (unresolved === undefined) return tooManyAliases(atStart)
  // The name is not quoted: a password may well start with "*".
  return report(
    'spec-syntax',
    aliasPlace(document, unresolved),
    'a value that begins with "*" is an alias, and no anchor ("&") has its name',
    'put the value in quotes',
  )
}

/** An alias within the very part that it stands for: its data would have no end. */
export const endlessAlias = (document: Document): Diagnostic | null => {
  let found: Diagnostic | null = null
  visit(document, {
    Alias: (_, alias, path) => {
      const isEndless = path.some(
        (parent) => isCollection(parent) && parent.anchor === alias.source,
      )
      if (!isEndless) return undefined
      const [start, end] = alias.range ?? [0, 1]
      found = report(
        'spec-syntax',
        { kind: 'text', start, end },
        'an alias within what it stands for',
        'write the values where they belong, without aliases',
      )
      return visit.BREAK
    },
  })
  return found
}
