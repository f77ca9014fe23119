import { areaOf } from './catalogue.ts'
import type { CodeMeaning, Diagnostic } from './diagnostics/diagnostic.ts'
import type { Inputs } from './dialects/dialect.ts'

/** The files that a spec names. */
export interface ReadFiles {
  readonly inputs: Inputs
  /** Paths of the files outside of the repository: their content is not shown in messages. */
  readonly outside: ReadonlySet<string>
  /** Diagnostics about files that the spec may not read, or that are not read. */
  readonly problems: readonly Diagnostic[]
}

/** Files whose content can be shown. */
export const insideOnly = (inputs: Inputs): ReadFiles => ({
  inputs,
  outside: new Set(),
  problems: [],
})

/** Only the files inside of the repository. */
export const insideFiles = ({ inputs, outside }: ReadFiles): Inputs =>
  new Map([...inputs].filter(([path]) => !outside.has(path)))

const summaryOf = (code: string): string => {
  const meaning: CodeMeaning | undefined = areaOf(code)?.codes[code]
  return lowered(meaning?.summary ?? code)
}

/** In lower case, as messages start; acronyms such as `CIDR` are unchanged. */
const lowered = (text: string): string =>
  text.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) => letter.toLowerCase())

/** Shown instead of a remedy. */
const note = 'the file is outside of the repository (--allow-outside): its content is not shown'

const withoutContent = (diagnostic: Diagnostic): Diagnostic => {
  const { code, severity, at, reason } = diagnostic
  const summary = summaryOf(code)
  const message = reason === undefined ? summary : `${summary}: ${reason}`
  return {
    code,
    severity,
    message,
    help: note,
    at: at.kind === 'file' ? { ...at, lineText: null } : at,
  }
}

/** All parts of a diagnostic that can quote a file. */
const wordsOf = ({ code, message, help, at }: Diagnostic): string =>
  [code, message, help, at.kind === 'file' ? at.lineText : null].join('\n')

/**
 * Removes the content of files outside of the repository. A diagnostic that is also found without these files
 * cannot quote them; every other diagnostic keeps only its place and reason.
 * @param found with all files.
 * @param foundInside with the files inside of the repository only.
 */
export const withoutContents = (
  found: readonly Diagnostic[],
  foundInside: readonly Diagnostic[],
): readonly Diagnostic[] => {
  const harmless = new Set(foundInside.map(wordsOf))
  return found.map((one) => (harmless.has(wordsOf(one)) ? one : withoutContent(one)))
}
