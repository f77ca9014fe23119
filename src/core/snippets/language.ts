import type { Snippet, SnippetLevel } from '../model/snippet.ts'

/** A directive, a section or a line of a proxy's configuration. */
export interface Statement {
  /** As the server compares it: httpd in lower case. */
  readonly name: string
  readonly args: readonly string[]
  /** From 1. */
  readonly line: number
  /** Empty for a statement that is no block. */
  readonly children: readonly Statement[]
}

export interface Problem {
  /** From 1. */
  readonly line: number
  readonly message: string
}

export interface ReadText {
  readonly statements: readonly Statement[]
  /** What ends the block of the text, or what the server refuses. */
  readonly problems: readonly Problem[]
}

/** Why a statement cannot be used in a snippet, wherever the snippet is. */
export interface Refusal {
  readonly code: 'snippet-include' | 'snippet-code' | 'snippet-conflict' | 'snippet-affinity'
  /** What the statement does, after its name: `adds a server without affinity`. */
  readonly why: string
  readonly help: string
}

/** What sessctl knows about snippets in the language of one proxy. */
export interface SnippetLanguage {
  readonly dialect: Snippet['dialect']
  /** The product, in messages. */
  readonly label: string
  /** Reads a snippet, or a whole generated file. */
  readonly read: (text: string) => ReadText
  /** @param within the blocks of the snippet around it, from the outside in. */
  readonly refusalOf: (
    statement: Statement,
    level: SnippetLevel,
    within: readonly Statement[],
  ) => Refusal | null
  /** Equal for statements of which a block can have one: its name, or also its first argument. */
  readonly keyOf: (statement: Statement) => string
  /** Variables that it sets, which the rest of the file may read. */
  readonly variablesOf: (statement: Statement) => readonly string[]
  /** The field of the spec for the same setting, such as `headers`; null: there is none. */
  readonly fieldOf: (statement: Statement, level: SnippetLevel) => string | null
  /** Whether a block in the block of the snippet that has its own such statement does not inherit it. */
  readonly isReplacedBelow: (statement: Statement) => boolean
}

/** All statements, each with the blocks around it. */
export const allStatements = (
  statements: readonly Statement[],
  within: readonly Statement[] = [],
): readonly { readonly statement: Statement; readonly within: readonly Statement[] }[] =>
  statements.flatMap((statement) => [
    { statement, within },
    ...allStatements(statement.children, [...within, statement]),
  ])
