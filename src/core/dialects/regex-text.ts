/** Literal text within a regular expression. */
export const regexText = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
