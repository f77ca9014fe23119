import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml'
import {
  type Diagnostic,
  type Place,
  reporterFor,
  type SpecPath,
} from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/located.ts'
import { aliasProblem, endlessAlias } from './alias-problem.ts'
import { specCodes } from './codes.ts'
import { protoKey } from './proto-key.ts'
import { secretSpans } from './secrets.ts'
import { syntaxErrors } from './syntax-errors.ts'

const report = reporterFor(specCodes)

/** Text of a spec is refused above this many UTF-16 units; 10,000 servers need about an eighth. */
export const specSizeLimit = 8 * 1024 * 1024

export interface ParsedText {
  readonly source: Source
  /** Plain data: what JSON could say; undefined when the text could not be read. */
  readonly data: unknown
  readonly diagnostics: readonly Diagnostic[]
}

const wholeText = (text: string): Place => ({
  kind: 'text',
  start: 0,
  end: Math.min(1, text.length),
})

const rangeOf = (node: unknown): readonly [number, number] | null => {
  const range = (node as Node | null)?.range
  return range ? [range[0], range[1]] : null
}

const pairAt = (node: unknown, key: string | number): Pair | undefined =>
  isMap(node)
    ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
    : undefined

/** Follows the path through the tree as far as it is written. */
const rangeAt = (
  root: unknown,
  path: SpecPath,
  part: 'key' | 'value',
): readonly [number, number] => {
  let node = root
  let found = rangeOf(root) ?? [0, 1]
  for (const [depth, key] of path.entries()) {
    const pair = pairAt(node, key)
    const next = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined
    if (next === undefined || next === null) return (pair && rangeOf(pair.key)) ?? found
    const isLast = depth === path.length - 1
    const keyRange = pair && (isLast ? part === 'key' : isMap(next) || isSeq(next))
    found = (keyRange ? rangeOf(pair.key) : rangeOf(next)) ?? found
    // A whole block as a value would underline its first line only: its key says more.
    if (isLast && pair && part === 'value' && (isMap(next) || isSeq(next)) && next.flow !== true) {
      found = rangeOf(pair.key) ?? found
    }
    node = next
  }
  return found
}

/** @param isWhole whether the tree holds everything that the text says. */
const sourceOf = (file: string, text: string, root: Node | null, isWhole: boolean): Source => ({
  file,
  text,
  range: ({ path, part }) => rangeAt(root, path, part),
  secrets: () => secretSpans(text, root, isWhole),
})

const nothing = (file: string, text: string, diagnostic: Diagnostic): ParsedText => ({
  source: sourceOf(file, text, null, false),
  data: undefined,
  diagnostics: [diagnostic],
})

/**
 * Reads YAML 1.2 (JSON is part of it) into plain data, and keeps where everything stands.
 * A byte order mark and CRLF line ends are fine.
 */
export const parseText = (file: string, text: string): ParsedText => {
  if (text.length > specSizeLimit) {
    const size = (text.length / 1024 / 1024).toFixed(1)
    return nothing(
      file,
      '',
      report(
        'spec-too-large',
        wholeText(''),
        `the spec is ${size} MiB long; the limit is 8 MiB`,
        'is this the right file?',
      ),
    )
  }
  const document = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    strict: true,
    logLevel: 'error',
  })
  if (document.errors.length > 0) {
    return {
      source: sourceOf(file, text, document.contents, false),
      data: undefined,
      diagnostics: syntaxErrors(document.errors),
    }
  }
  if (
    document.contents === null ||
    (isScalar(document.contents) && document.contents.value === null)
  ) {
    return nothing(
      file,
      text,
      report('spec-empty', wholeText(text), 'the spec is empty', 'start from: version: 1'),
    )
  }
  const unusable =
    (text.includes('*') ? endlessAlias(document) : null) ??
    (text.includes('proto__') ? protoKey(document) : null)
  if (unusable !== null) return nothing(file, text, unusable)
  const source = sourceOf(file, text, document.contents, true)
  try {
    return { source, data: document.toJS({ maxAliasCount: 100 }), diagnostics: [] }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return { source, data: undefined, diagnostics: [aliasProblem(document, error)] }
  }
}
