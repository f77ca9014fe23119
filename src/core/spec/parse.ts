import { type Document, isScalar, type Node } from 'yaml'
import { type Diagnostic, type Place, reporterFor } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/located.ts'
import { aliasProblem, endlessAlias, tooManyAliases } from './alias-problem.ts'
import { anyTree } from './any-tree.ts'
import { specCodes } from './codes.ts'
import { duplicateKeys } from './duplicate-keys.ts'
import { tooDeepAt } from './nesting.ts'
import { protoKey } from './proto-key.ts'
import { secretSpans } from './secrets.ts'
import { smallestSpec } from './smallest.ts'
import { syntaxMistake } from './syntax/index.ts'
import { rangeAt } from './text-node.ts'
import { type LimitPassed, readDocument } from './yaml-document.ts'

const report = reporterFor(specCodes)

/** Text of a spec is refused above this many UTF-16 units; 10,000 servers need about an eighth. */
export const specSizeLimit = 8 * 1024 * 1024

export interface ParsedText {
  readonly source: Source
  /** Plain data: what JSON could say; undefined when the text could not be read. */
  readonly data: unknown
  readonly diagnostics: readonly Diagnostic[]
}

const at = (start: number, end = start + 1): Place => ({ kind: 'text', start, end })

const tooLarge = (length: number): Diagnostic =>
  report(
    'spec-too-large',
    at(0, 0),
    `the spec is ${(length / 1024 / 1024).toFixed(1)} MiB long; the limit is 8 MiB`,
    'is this the right file?',
  )

const tooDeep = (start: number): Diagnostic =>
  report('spec-syntax', at(start), 'the spec is nested too deeply', null)

const limitProblem = (passed: LimitPassed): Diagnostic => {
  if (passed.limit === 'depth') return tooDeep(passed.at)
  if (passed.limit === 'aliases') return tooManyAliases(at(passed.at))
  return report(
    'spec-too-large',
    at(passed.at),
    'the spec has more than 1,000,000 YAML tokens',
    'is this the right file? 10,000 servers need fewer than 400,000',
  )
}

/** A text that is not read is not shown either: nothing tells where its secrets are. */
const unread = (file: string, shown: string, diagnostic: Diagnostic): ParsedText => ({
  source: {
    file,
    text: shown,
    range: () => [0, 1],
    secrets: () => secretSpans(shown, null, false),
  },
  data: undefined,
  diagnostics: [diagnostic],
})

/** @param isWhole whether the tree holds everything that the text says. */
const sourceOf = (file: string, text: string, root: Node | null, isWhole: boolean): Source => {
  const tree = anyTree(root)
  return {
    file,
    text,
    range: ({ path, part }) => rangeAt(tree, path, part),
    secrets: () => secretSpans(text, root, isWhole),
  }
}

const isEmpty = ({ contents }: Document.Parsed): boolean =>
  contents === null || (isScalar(contents) && contents.value === null)

/** What keeps a document without mistakes from being plain data. */
const unusable = (text: string, document: Document.Parsed): Diagnostic | null => {
  if (isEmpty(document))
    return report(
      'spec-empty',
      at(0, Math.min(1, text.length)),
      'the spec is empty',
      `write into the file: ${smallestSpec}`,
    )
  return (
    (text.includes('*') ? endlessAlias(document) : null) ??
    (text.includes('proto__') ? protoKey(document) : null)
  )
}

const dataOf = (file: string, text: string, document: Document.Parsed): ParsedText => {
  const source = sourceOf(file, text, document.contents, true)
  try {
    return { source, data: document.toJS({ maxAliasCount: 100 }), diagnostics: [] }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return { source, data: undefined, diagnostics: [aliasProblem(document, error)] }
  }
}

/**
 * Reads YAML 1.2 (JSON is part of it) into plain data, and keeps where everything stands.
 * A byte order mark and CRLF line ends are fine.
 */
export const parseText = (file: string, text: string): ParsedText => {
  if (text.length > specSizeLimit) return unread(file, '', tooLarge(text.length))
  const deep = tooDeepAt(text)
  if (deep !== null) return unread(file, text, tooDeep(deep))
  const document = readDocument(text)
  if ('limit' in document) return unread(file, text, limitProblem(document))
  const mistake = syntaxMistake(text, document.errors)
  const wrong = mistake === null ? duplicateKeys(document) : [mistake]
  if (wrong.length > 0) {
    const source = sourceOf(file, text, document.contents, false)
    return { source, data: undefined, diagnostics: wrong }
  }
  const problem = unusable(text, document)
  return problem === null ? dataOf(file, text, document) : unread(file, text, problem)
}
