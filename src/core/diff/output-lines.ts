import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { FileChange } from './compare.ts'

/** A changed line of a generated file. */
export interface OutputLine {
  readonly path: string
  /** From 1, in the file of the side. */
  readonly line: number
  readonly side: 'before' | 'after'
}

/** The first changed line of each word, of each side. */
export interface ChangedWords {
  readonly before: ReadonlyMap<string, OutputLine>
  readonly after: ReadonlyMap<string, OutputLine>
}

/** What separates words in the files of all dialects. */
const separators = /[\s"'=;,|()<>{}/]+/

/** A long change has its first lines looked through only. */
const mostLines = 200_000

/** @param files in the order in which lines are preferred. */
export const changedWords = (files: readonly FileChange[]): ChangedWords => {
  const found = { before: new Map<string, OutputLine>(), after: new Map<string, OutputLine>() }
  let left = mostLines
  for (const { path, hunks } of files)
    for (const { oldStart, newStart, lines } of hunks) {
      let [oldLine, newLine] = [oldStart, newStart]
      for (const text of lines) {
        if (left-- <= 0) return found
        const [sign] = text
        const side = sign === '-' ? 'before' : 'after'
        const line = side === 'before' ? oldLine : newLine
        if (sign === '-' || sign === '+')
          for (const word of text.slice(1).split(separators))
            if (word !== '' && !found[side].has(word)) found[side].set(word, { path, line, side })
        if (sign === '-' || sign === ' ') oldLine += 1
        if (sign === '+' || sign === ' ') newLine += 1
      }
    }
  return found
}

/** Maps of the spec whose keys are names that also stand in the files. */
const nameMaps: readonly unknown[] = ['upstreams', 'servers', 'stores', 'frontends']

const isRecord = (value: unknown): value is Readonly<Record<string | number, unknown>> =>
  typeof value === 'object' && value !== null

/** More names below a place lead to no better line. */
const mostNames = 20_000

/** Names and addresses below a value of the spec. */
function* wordsBelow(value: unknown, key: string | number | undefined): Generator<string> {
  if (typeof value === 'string') yield value
  if (!isRecord(value)) return
  for (const [name, below] of Object.entries(value)) {
    yield* wordsBelow(below, name)
    if (nameMaps.includes(key)) yield name
  }
}

/** The names and addresses at a place of the spec: those of the value, then those around it, the innermost first. */
export const wordsAt = (spec: unknown, path: SpecPath): readonly string[] => {
  const around: string[] = []
  let node = spec
  for (const [index, key] of path.entries()) {
    node = isRecord(node) ? node[key] : undefined
    if (typeof key === 'string' && nameMaps.includes(path[index - 1])) around.unshift(key)
    const address = isRecord(node) ? node['address'] : node
    if (typeof address === 'string') around.unshift(address)
  }
  const within: string[] = []
  for (const word of wordsBelow(node, path.at(-1))) {
    if (within.length >= mostNames) break
    within.push(word)
  }
  return [...within, ...around]
}

/** The changed line that a place of the spec leads to; null: none is found. */
export const outputLineOf = (
  words: readonly string[],
  side: 'before' | 'after',
  changed: ChangedWords,
): OutputLine | null => {
  const [own, other] =
    side === 'before' ? [changed.before, changed.after] : [changed.after, changed.before]
  for (const word of words) {
    const line = own.get(word) ?? other.get(word)
    if (line !== undefined) return line
  }
  return null
}
