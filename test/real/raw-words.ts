import { fc } from '../support/fast-check.ts'

/** The same cases on every run. */
/** What matters to the tokenizers, and letters that mean something after a backslash. */
const pieces = [
  ...[' ', '\t', '\r', '\n', '\r\n', '\u000b', '\u000c', ';', '{', '}', '(', ')', '"', "'", '#'],
  ...[
    '\\',
    '\\\\',
    '\\"',
    "\\'",
    '\\n',
    '\\t',
    '\\r',
    '\\ ',
    '\\#',
    '\\$',
    '\\x41',
    '\\x',
    '\\xg1',
  ],
  ...['$', '${', '$a', '{a}', '%', '%%', '%{a}', '[', ']', '<', '>', '!', '=', ',', '|', '~', '*'],
  ...['a', 'b', 'n', 't', 'r', 'x', '0', 'é', '€', '😀', 'e\u0301', '\u2028', '\ufeff', '\u007f'],
]

/** Text that is close to a tokenizer's heart: short, and full of what it treats specially. */
export const rawText = fc
  .array(fc.constantFrom(...pieces), { maxLength: 14 })
  .map((list) => list.join(''))

/** As rawText, often wrapped so that it reads as one word. */
export const rawWord = fc
  .tuple(fc.constantFrom('', '', '"', "'"), rawText)
  .map(([quote, text]) => quote + text + quote)
