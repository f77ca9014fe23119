import { atValue, type Diagnostic, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { report } from './codes.ts'
import { longestWord, writtenBytes } from './quote.ts'

/** A word that does not fit into nginx's buffer. */
export const lengthProblems = (text: string, path: SpecPath): Diagnostic[] =>
  writtenBytes(text) <= longestWord
    ? []
    : [
        report(
          'nginx-word-long',
          atValue(path),
          `this text takes ${writtenBytes(text)} bytes in nginx's configuration, where a word has ${longestWord} at most`,
          'shorten it',
        ),
      ]

/** A text that nginx searches for variables, but that is meant as it stands. */
export const literalProblems = (text: string, path: SpecPath): Diagnostic[] =>
  text.includes('$')
    ? [
        report(
          'nginx-dollar',
          atValue(path),
          `nginx would take the "$" of "${text.length > 60 ? `${text.slice(0, 60)}…` : text}" for a variable, and has no way to write a plain one`,
          'remove "$" from it',
        ),
      ]
    : lengthProblems(text, path)
