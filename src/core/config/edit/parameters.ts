import type { ConfigEdit } from '../text.ts'
import { appendWords, removeWord, replaceWord, type WrittenStatement } from './lines.ts'

/** How the parameters of a statement are compared with those of the spec. */
export interface ParameterRules {
  /** The name of a parameter; parameters of one name replace each other. */
  readonly keyOf: (word: string) => string
  /** Whether sessctl removes a parameter of this name that the spec does not ask for. */
  readonly isOwned: (key: string) => boolean
  /** Whether a parameter is left as it is: it means the same as the wanted one, null for none. */
  readonly isSame: (written: string | null, wanted: string | null, key: string) => boolean
  /** As the file writes a word. */
  readonly quote: (word: string) => string
}

/** A parameter that changes; null: it is not there before, or not afterwards. */
export interface ParameterChange {
  readonly from: string | null
  readonly to: string | null
}

export interface MergedParameters {
  readonly edits: readonly ConfigEdit[]
  readonly changes: readonly ParameterChange[]
}

/**
 * Gives a statement the wanted parameters: only words that differ are changed, and words that sessctl
 * does not know are kept.
 * @param from the index of the first parameter among the words.
 */
export const mergeParameters = (
  statement: WrittenStatement,
  from: number,
  wanted: readonly string[],
  { keyOf, isOwned, isSame, quote }: ParameterRules,
): MergedParameters => {
  const byKey = new Map(wanted.map((word) => [keyOf(word), word]))
  const edits: ConfigEdit[] = []
  const changes: ParameterChange[] = []
  const seen = new Set<string>()
  for (const [index, { value }] of statement.words.entries()) {
    if (index < from) continue
    const key = keyOf(value)
    const to = byKey.get(key) ?? null
    seen.add(key)
    if (isSame(value, to, key) || (to === null && !isOwned(key))) continue
    edits.push(
      ...(to === null ? removeWord(statement, index) : replaceWord(statement, index, quote(to))),
    )
    changes.push({ from: value, to })
  }
  const added = [...byKey].filter(([key, word]) => !seen.has(key) && !isSame(null, word, key))
  changes.push(...added.map(([, to]) => ({ from: null, to })))
  return {
    edits: [
      ...edits,
      ...appendWords(
        statement,
        added.map(([, word]) => quote(word)),
      ),
    ],
    changes,
  }
}
