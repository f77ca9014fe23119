import { type Document, isCollection, isScalar, visit } from 'yaml'
import type { Place } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import { report } from './codes.ts'

const placeOf = ({ range }: { readonly range?: readonly number[] | null }): Place => {
  const [start = 0, end = 1] = range ?? []
  return { kind: 'text', start, end }
}

const mostDuplicates = 20

/** The YAML reader would compare each key with all keys before it, which is too slow for 10,000 servers. */
export const checkDuplicateKeys = (document: Document, findings: Findings): boolean => {
  let count = 0
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value) && ++count <= mostDuplicates)
          report(
            findings,
            'spec-syntax',
            placeOf(key),
            'duplicate key',
            'remove one of the two keys',
          )
        seen.add(key.value)
      }
    },
  })
  return count > 0
}

export const reportAliasLimit = (at: Place, findings: Findings): void => {
  report(
    findings,
    'spec-alias-limit',
    at,
    'the aliases ("*") of this spec expand to too many values',
    'write the values out instead of aliases',
  )
}

/** The first alias of that name. The YAML reader reports an unknown alias without its place. */
const aliasPlace = (document: Document, name: string): Place => {
  let place: Place = { kind: 'text', start: 0, end: 1 }
  visit(document, {
    Alias: (_, alias) => {
      if (alias.source !== name) return undefined
      place = placeOf(alias)
      return visit.BREAK
    },
  })
  return place
}

/** Why a document has no plain data: an unknown alias, or too many aliases. */
export const reportAlias = (
  document: Document,
  { message }: ReferenceError,
  findings: Findings,
): void => {
  const unresolved = /^Unresolved alias [^:]*: (.*)/s.exec(message)?.[1]
  if (unresolved === undefined) {
    reportAliasLimit({ kind: 'text', start: 0, end: 1 }, findings)
    return
  }
  // The name is not quoted: it may be a password that starts with "*".
  report(
    findings,
    'spec-syntax',
    aliasPlace(document, unresolved),
    'a value that starts with "*" is an alias, but no anchor ("&") has this name',
    'put the value in quotes',
  )
}

/** Reports an alias inside the value that it refers to: its data would be endless. */
export const checkEndlessAlias = (document: Document, findings: Findings): boolean => {
  let isFound = false
  visit(document, {
    Alias: (_, alias, path) => {
      isFound = path.some((parent) => isCollection(parent) && parent.anchor === alias.source)
      if (!isFound) return undefined
      report(
        findings,
        'spec-syntax',
        placeOf(alias),
        'this alias is inside the value that it refers to',
        'write the values out instead of aliases',
      )
      return visit.BREAK
    },
  })
  return isFound
}

/** JavaScript objects cannot have this key: the value would be lost without a message. */
const protoName = '__proto__'

export const checkProtoKey = (document: Document, findings: Findings): boolean => {
  let isFound = false
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== protoName) return undefined
      isFound = true
      report(
        findings,
        'spec-value',
        placeOf(key),
        `"${protoName}" is not allowed as a name`,
        'choose another name',
      )
      return visit.BREAK
    },
  })
  return isFound
}
