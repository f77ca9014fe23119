import type { ErrorCode, YAMLError } from 'yaml'
import type { Mistake } from './mistake.ts'

type Words = readonly [message: string, help: string]

const quotes = 'put the value in quotes'

/** Messages for the errors of the YAML reader: its own messages use terms of the YAML grammar and may quote a secret. */
const words: Readonly<Record<ErrorCode, Words>> = {
  ALIAS_PROPS: ['an alias ("*") cannot have an anchor ("&") or a tag ("!")', 'remove one of them'],
  BAD_ALIAS: ['"*" is not followed by the name of an anchor', quotes],
  BAD_COLLECTION_TYPE: ['this tag ("!") does not fit its value', 'remove the tag'],
  BAD_DIRECTIVE: ['this line is a YAML directive that cannot be parsed', 'remove it'],
  BAD_DQ_ESCAPE: [
    'invalid escape after "\\" in double quotes',
    'write it in single quotes, or write "\\\\" for each "\\"',
  ],
  BAD_INDENT: [
    'the indentation of this line differs from the lines around it',
    'start all keys of a map at the same column',
  ],
  BAD_PROP_ORDER: ['an anchor ("&") or a tag ("!") is not placed before its value', 'remove it'],
  BAD_SCALAR_START: ['a value cannot start with this character', quotes],
  BLOCK_AS_IMPLICIT_KEY: ['this line holds more than one value', quotes],
  BLOCK_IN_FLOW: [
    'entries in brackets are not separated by commas',
    'write "," between two entries',
  ],
  DUPLICATE_KEY: ['duplicate key', 'remove one of the two keys'],
  IMPOSSIBLE: ['this value cannot be parsed', quotes],
  KEY_OVER_1024_CHARS: ['this key has more than 1,024 characters', 'write a short key'],
  MISSING_CHAR: [
    'a character is missing before this position',
    'write KEY: VALUE, and close each quote and bracket',
  ],
  MULTILINE_IMPLICIT_KEY: ['this line has no key', 'write KEY: VALUE'],
  MULTIPLE_ANCHORS: ['a value cannot have two anchors ("&")', 'remove one of them'],
  MULTIPLE_DOCS: [
    'the spec contains several YAML documents',
    'write each document to its own file, and remove this line',
  ],
  MULTIPLE_TAGS: ['a value cannot have two tags ("!")', 'remove one of them'],
  NON_STRING_KEY: ['a key must be text', 'put the key in quotes'],
  RESOURCE_EXHAUSTION: [
    'the spec is nested too deeply',
    'remove brackets: a spec has at most about ten levels',
  ],
  TAB_AS_INDENT: [
    'this line is indented with a tab',
    'indent with spaces: YAML does not allow tabs there',
  ],
  TAG_RESOLVE_FAILED: ['this tag ("!") does not fit its value', 'remove the tag'],
  UNEXPECTED_TOKEN: ['unexpected text', 'write KEY: VALUE, and close each quote and bracket'],
}

const isTooDeep = ({ message }: YAMLError): boolean => message.startsWith('Maximum call stack')

/** The first error of the reader: the errors after it are nearly always its consequences. */
export const firstError = (errors: readonly YAMLError[]): Mistake | null => {
  const deep = errors.find(isTooDeep)
  const first = deep ?? errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0]
  if (first === undefined) return null
  const [message, help] = words[deep ? 'RESOURCE_EXHAUSTION' : first.code]
  return { start: first.pos[0], end: Math.max(first.pos[0] + 1, first.pos[1]), message, help }
}
