import type { HttpdDirective, HttpdDocument } from './tree.ts'

/** A directive as httpd executes it: variables are replaced, conditions decided, files included. */
export interface HttpdStatement {
  /** In lower case. */
  readonly name: string
  readonly args: readonly string[]
  /** Null: no section. */
  readonly children: readonly HttpdStatement[] | null
  /** As it is written, and the file that it is in. */
  readonly directive: HttpdDirective
  readonly path: string
}

/** The statements with those in them, in their order. */
export const allStatements = (statements: readonly HttpdStatement[]): readonly HttpdStatement[] =>
  statements.flatMap((one) => [one, ...allStatements(one.children ?? [])])

/** What is wrong with the files as a whole: at a directive. */
export interface HttpdFilesProblem {
  readonly path: string
  /** An offset in the text of the file. */
  readonly at: number
  readonly message: string
}

/** An `Include` or `IncludeOptional` that is executed; one in a macro several times. */
export interface HttpdInclude {
  readonly directive: HttpdDirective
  readonly path: string
  /** The complete path or pattern that it names. */
  readonly pattern: string
}

/** A configuration with the files that it includes. */
export interface HttpdFiles {
  readonly main: string
  /** The files that are read, each once, by their paths. */
  readonly files: ReadonlyMap<string, HttpdDocument>
  readonly statements: readonly HttpdStatement[]
  readonly includes: readonly HttpdInclude[]
  /** What the includes name, to be read or listed. */
  readonly patterns: readonly string[]
  readonly problems: readonly HttpdFilesProblem[]
}
