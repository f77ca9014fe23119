import { type LineTable, lineAt, lineTextAt } from './lines.ts'

/** Why a file cannot be read or edited, and where; a value, since the file is the user's. */
export interface XmlProblem {
  /** One plain sentence without a full stop. */
  readonly message: string
  /** The message without anything that the file says. */
  readonly reason: string
  /** What to do about it; null where the message says it all. */
  readonly help: string | null
  /** null: the file as a whole. */
  readonly at: XmlPosition | null
}

export interface XmlPosition {
  /** In UTF-16 code units from the start of the text, which has no byte order mark. */
  readonly offset: number
  /** 1-based; CR, LF and CRLF each end one line. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
  readonly lineText: string
}

export type XmlResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: XmlProblem }

export const refusal = (
  message: string,
  help: string | null = null,
  at: XmlPosition | null = null,
  reason: string = message,
): XmlResult<never> => ({ ok: false, problem: { message, reason, help, at } })

/** Line and column of an offset, which may be the end of the text. */
export const positionAt = (lines: LineTable, offset: number): XmlPosition => {
  const line = lineAt(lines, offset)
  const column = offset - (lines.starts[line] ?? 0) + 1
  return { offset, line: line + 1, column, lineText: lineTextAt(lines, line) }
}
