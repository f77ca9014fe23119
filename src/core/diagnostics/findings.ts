import {
  type CodeTable,
  type Diagnostic,
  hasErrors,
  type Place,
  type Remedy,
} from './diagnostic.ts'

const placeOf = (at: Place): readonly unknown[] => {
  if (at.kind === 'spec') return [at.part, ...at.path]
  return at.kind === 'text' ? [at.start, at.end] : [at.file, at.line, at.column]
}

const keyOf = ({ code, at, message }: Diagnostic): string =>
  [code, at.kind, ...placeOf(at), message].join('\0')

/**
 * Collects the diagnostics of one run. It is passed down to every function that judges the user's
 * input. What several of them report in the same words at the same place is kept once.
 */
export class Findings {
  readonly #found = new Map<string, Diagnostic>()

  /** @param before reports of an earlier stage. */
  constructor(before: Iterable<Diagnostic> = []) {
    this.addAll(before)
  }

  add(diagnostic: Diagnostic): void {
    const key = keyOf(diagnostic)
    if (!this.#found.has(key)) this.#found.set(key, diagnostic)
  }

  addAll(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.add(diagnostic)
  }

  /** In the order of their reports. */
  get all(): readonly Diagnostic[] {
    return [...this.#found.values()]
  }

  get size(): number {
    return this.#found.size
  }

  get hasErrors(): boolean {
    return hasErrors(this.all)
  }
}

/**
 * Makes the function with which one area reports: it accepts the codes of the area only, so that a
 * misspelt code is a type error and each severity is written once. `reason` is the message without any
 * text of a file, for files whose contents are not shown.
 */
export const reportFor =
  <Table extends CodeTable>(table: Table) =>
  (
    findings: Findings,
    code: keyof Table & string,
    at: Place,
    message: string,
    remedy: Remedy,
    reason?: string,
  ): void => {
    const meaning: CodeTable[string] | undefined = table[code]
    const isCertain = remedy !== null && typeof remedy !== 'string'
    findings.add({
      code,
      severity: meaning?.severity ?? 'error',
      message,
      help: isCertain ? remedy.text : remedy,
      at,
      ...(isCertain ? { edits: remedy.edits } : {}),
      ...(reason === undefined ? {} : { reason }),
    })
  }
