import { areaOf } from './catalogue.ts'
import type { CodeMeaning, Diagnostic } from './diagnostics/diagnostic.ts'
import type { Inputs } from './dialects/dialect.ts'

/** The files that a spec names, as they were read. */
export interface ReadFiles {
  readonly inputs: Inputs
  /** Which of them lie outside of the repository, by their paths: nothing that they say is shown. */
  readonly outside: ReadonlySet<string>
  /** About files that the spec may not read, or that were left out. */
  readonly problems: readonly Diagnostic[]
}

/** Files of which everything may be shown. */
export const insideOnly = (inputs: Inputs): ReadFiles => ({
  inputs,
  outside: new Set(),
  problems: [],
})

/** Without those from outside of the repository. */
export const insideFiles = ({ inputs, outside }: ReadFiles): Inputs =>
  new Map([...inputs].filter(([path]) => !outside.has(path)))

const summaryOf = (code: string): string => {
  const meaning: CodeMeaning | undefined = areaOf(code)?.codes[code]
  return lowered(meaning?.summary ?? code)
}

/** As messages begin; `CIDR` and the like stay. */
const lowered = (text: string): string =>
  text.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) => letter.toLowerCase())

/** What is shown in place of a remedy. */
const note =
  'the file lies outside of the repository (--allow-outside): nothing that it says is shown'

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

/** All of a diagnostic that could hold something of a file. */
const wordsOf = ({ code, message, help, at }: Diagnostic): string =>
  [code, message, help, at.kind === 'file' ? at.lineText : null].join('\n')

/**
 * Removes what files outside of the repository say. A diagnostic that is found without these files too
 * cannot quote them; of every other one, the place and the reason are left.
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
