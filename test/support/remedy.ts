import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { quotedKey } from '../../src/core/spec/known-keys.ts'

const trial = z.strictObject({
  /** What is replaced, in bad.yaml or in a file that it names; without edits good.yaml is the trial. */
  edits: z
    .array(
      z.strictObject({ from: z.string(), to: z.string(), file: z.string().default('bad.yaml') }),
    )
    .default([]),
  /** Words of the edit that the help leaves to the reader: a name, an address, a number. */
  own: z.array(z.coerce.string()).default([]),
  /** Warnings about another matter that the mended spec has, and why that is right. */
  also: z.record(z.string(), z.string()).default({}),
})

const remedies = z.union([
  z.strictObject({ trials: z.array(trial).min(1) }),
  /** Why the remedy is no edit of the spec or of a file that it names. */
  z.strictObject({ outside: z.string().min(20) }),
])

export type Trial = z.output<typeof trial>

/** How the remedies of a code are tried: fixtures/rules/CODE/remedies.yaml, else good.yaml as it is. */
export const remediesOf = (folder: string): z.output<typeof remedies> => {
  const file = join(folder, 'remedies.yaml')
  return existsSync(file)
    ? remedies.parse(parse(readFileSync(file, 'utf8')))
    : { trials: [trial.parse({})] }
}

/** A word, or one character of punctuation. */
const wordsOf = (text: string): readonly string[] => text.match(/[\w./-]+|[^\s\w]/g) ?? []

/** What has to be put into a text to make the other of it: words outside of the longest part that both share. */
export const insertedWords = (before: string, after: string): readonly string[] => {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      rows[i]?.splice(
        j,
        1,
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1)),
      )
  const inserted: string[] = []
  for (let i = 0, j = 0; j < b.length; )
    if (i < a.length && a[i] === b[j]) {
      i++
      j++
    } else if (i < a.length && at(i + 1, j) >= at(i, j + 1)) i++
    else inserted.push(b[j++] ?? '')
  return inserted.filter((word) => /\w/.test(word))
}

/** A value that the help leaves open: `NAME`, `[...]`, `{ interval: … }`. */
const isOpen = (text: string): boolean =>
  /…|\.\.\.|\b[A-Z][A-Z_]+\b(?!:)|\b(?:path|with|each)\b/.test(text)

const isKey = (part: string): boolean => quotedKey(part.split(':')[0] ?? '') !== null

/** What a help says to write, as it would stand in a spec: `key: value` of a key of the spec, `{ … }`. */
export const writtenIn = (help: string): readonly string[] => {
  const parts =
    help.match(
      /\{ [^{}]*(?:\{[^{}]*\}[^{}]*)* \}|\b[a-z][a-zA-Z]*: (?:\{[^{}]*\}|\[[^\]]*\]|"[^"]*"|[\w./-]*\w)/g,
    ) ?? []
  return parts.filter((part) => !isOpen(part) && (part.startsWith('{') || isKey(part)))
}
