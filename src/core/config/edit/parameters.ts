import type { ConfigEdit } from '../text.ts'
import { appendWords, replaceWord, type WrittenStatement } from './lines.ts'

/** How the parameters of a statement are compared with those of the spec. */
export interface ParameterRules {
  /** How many words belong to the parameter that begins at an index. It is compared with its words joined. */
  readonly lengthAt: (words: readonly string[], index: number) => number
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

/** A change as messages say it. */
export const shownChange = (from: string | null, to: string | null): string => {
  if (from === null) return `"${to}" is added`
  return to === null ? `"${from}" is removed` : `"${from}" changes to "${to}"`
}

export interface MergedParameters {
  readonly edits: readonly ConfigEdit[]
  readonly changes: readonly ParameterChange[]
}

/** A parameter: where its first word is, and its words. */
interface Parameter {
  readonly index: number
  readonly words: readonly string[]
}

/** Groups words into parameters. */
const parametersOf = (
  words: readonly string[],
  from: number,
  { lengthAt }: ParameterRules,
): readonly Parameter[] => {
  const all: Parameter[] = []
  for (let index = from; index < words.length; ) {
    const end = index + lengthAt(words, index)
    all.push({ index, words: words.slice(index, end) })
    index = end
  }
  return all
}

/** The words of each parameter, for those of other statements. */
export const parametersIn = (
  words: readonly string[],
  from: number,
  rules: ParameterRules,
): readonly (readonly string[])[] => parametersOf(words, from, rules).map((one) => one.words)

/** Only the words that differ, if there are as many. */
const replaceParameter = (
  statement: WrittenStatement,
  { index, words }: Parameter,
  to: readonly string[],
  quote: ParameterRules['quote'],
): readonly ConfigEdit[] => {
  if (words.length === to.length) {
    return to.flatMap((word, offset) =>
      word === words[offset] ? [] : replaceWord(statement, index + offset, quote(word)),
    )
  }
  const [first, last] = [statement.words[index], statement.words[index + words.length - 1]]
  if (first === undefined || last === undefined) return []
  return [{ start: first.start, end: last.end, text: to.map(quote).join(' ') }]
}

/** With the blanks before it. */
const removeParameter = (
  { words }: WrittenStatement,
  parameter: Parameter,
): readonly ConfigEdit[] => {
  const { index } = parameter
  const [before, last] = [words[index - 1], words[index + parameter.words.length - 1]]
  return before === undefined || last === undefined
    ? []
    : [{ start: before.end, end: last.end, text: '' }]
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
  rules: ParameterRules,
): MergedParameters => {
  const { isOwned, isSame, keyOf, quote } = rules
  const byKey = new Map(
    parametersOf(wanted, 0, rules).map(({ words }) => [keyOf(words.join(' ')), words]),
  )
  const edits: ConfigEdit[] = []
  const changes: ParameterChange[] = []
  const seen = new Set<string>()
  const existing = statement.words.map(({ value }) => value)
  for (const parameter of parametersOf(existing, from, rules)) {
    const was = parameter.words.join(' ')
    const key = keyOf(was)
    const words = byKey.get(key) ?? null
    const to = words === null ? null : words.join(' ')
    seen.add(key)
    if (isSame(was, to, key) || (to === null && !isOwned(key))) continue
    edits.push(
      ...(words === null
        ? removeParameter(statement, parameter)
        : replaceParameter(statement, parameter, words, quote)),
    )
    changes.push({ from: was, to })
  }
  const added = [...byKey].filter(
    ([key, words]) => !seen.has(key) && !isSame(null, words.join(' '), key),
  )
  changes.push(...added.map(([, words]) => ({ from: null, to: words.join(' ') })))
  return {
    edits: [
      ...edits,
      ...appendWords(
        statement,
        added.flatMap(([, words]) => words.map(quote)),
      ),
    ],
    changes,
  }
}
