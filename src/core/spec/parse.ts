import { type Diagnostic, reporterFor } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/located.ts'
import { isSecretKey } from '../secrets/keys.ts'
import { specCodes } from './codes.ts'
import { tooDeepAt } from './nesting.ts'
import { parseAny } from './parse-any.ts'
import { type PlainYaml, readPlainYaml } from './plain-yaml.ts'
import { rangeAt } from './text-node.ts'

const report = reporterFor(specCodes)

/** Text of a spec is refused above this many UTF-16 units; 10,000 servers need about an eighth. */
export const specSizeLimit = 8 * 1024 * 1024

export interface ParsedText {
  readonly source: Source
  /** Plain data: what JSON could say; undefined when the text could not be read. */
  readonly data: unknown
  readonly diagnostics: readonly Diagnostic[]
}

const tooLarge = (file: string, length: number): ParsedText => ({
  source: { file, text: '', range: () => [0, 1], secrets: () => [] },
  data: undefined,
  diagnostics: [
    report(
      'spec-too-large',
      { kind: 'text', start: 0, end: 0 },
      `the spec is ${(length / 1024 / 1024).toFixed(1)} MiB long; the limit is 8 MiB`,
      'is this the right file?',
    ),
  ],
})

const nestedTooDeeply = (file: string, text: string, at: number): ParsedText => ({
  source: { file, text, range: () => [at, at + 1], secrets: () => [] },
  data: undefined,
  diagnostics: [
    report(
      'spec-syntax',
      { kind: 'text', start: at, end: at + 1 },
      'the spec is nested too deeply',
      null,
    ),
  ],
})

/** Each once: of 10,000 servers nearly all keys are the same few. */
const keysIn = (data: unknown, keys = new Set<string>()): ReadonlySet<string> => {
  if (Array.isArray(data)) for (const item of data) keysIn(item, keys)
  else if (typeof data === 'object' && data !== null) {
    for (const key of Object.keys(data)) {
      keys.add(key)
      keysIn(Reflect.get(data, key), keys)
    }
  }
  return keys
}

const hasSecretKey = (data: unknown): boolean => [...keysIn(data)].some(isSecretKey)

const sourceOf = (file: string, text: string, { data, tree }: PlainYaml): Source => ({
  file,
  text,
  range: ({ path, part }) => rangeAt(tree(), path, part),
  // Where exactly they stand, and what may be the rest of one, parse-any.ts knows.
  secrets: () => (hasSecretKey(data) ? parseAny(file, text).source.secrets() : []),
})

/**
 * Reads YAML 1.2 (JSON is part of it) into plain data, and keeps where everything stands.
 * A byte order mark and CRLF line ends are fine.
 */
export const parseText = (file: string, text: string): ParsedText => {
  if (text.length > specSizeLimit) return tooLarge(file, text.length)
  const plain = readPlainYaml(text)
  if (plain !== null)
    return { source: sourceOf(file, text, plain), data: plain.data, diagnostics: [] }
  const deep = tooDeepAt(text)
  return deep === null ? parseAny(file, text) : nestedTooDeeply(file, text, deep)
}
