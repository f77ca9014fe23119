import type { ErrorCode, YAMLError } from 'yaml'
import type { Mistake } from './mistake.ts'

type Words = readonly [message: string, help: string]

const quotes = 'put the value in quotes'

/** What the YAML reader found, in our words: its own speak of the grammar of YAML, and quote what may be a secret. */
const words: Readonly<Record<ErrorCode, Words>> = {
  ALIAS_PROPS: ['an alias ("*") cannot have an anchor ("&") or a tag ("!")', 'remove one of them'],
  BAD_ALIAS: ['"*" is not followed by the name of an anchor', quotes],
  BAD_COLLECTION_TYPE: ['this tag ("!") does not fit its value', 'remove the tag'],
  BAD_DIRECTIVE: ['this line is a YAML directive that cannot be read', 'remove it'],
  BAD_DQ_ESCAPE: [
    'within double quotes "\\" begins an escape, and this is none',
    'write it in single quotes, or write "\\\\" for each "\\"',
  ],
  BAD_INDENT: [
    'this line is indented otherwise than its neighbours',
    'begin all keys of a map at the same column',
  ],
  BAD_PROP_ORDER: ['an anchor ("&") or a tag ("!") does not stand before its value', 'remove it'],
  BAD_SCALAR_START: ['a value cannot begin with this character', quotes],
  BLOCK_AS_IMPLICIT_KEY: ['this line holds more than one value', quotes],
  BLOCK_IN_FLOW: ['brackets hold lines without commas', 'write "," between two entries'],
  DUPLICATE_KEY: ['this key stands here for the second time', 'remove one of the two'],
  IMPOSSIBLE: ['this cannot be read', quotes],
  KEY_OVER_1024_CHARS: ['this key has more than 1,024 characters', 'write a short key'],
  MISSING_CHAR: [
    'a character is missing before this place',
    'write KEY: VALUE, and close each quote and bracket',
  ],
  MULTILINE_IMPLICIT_KEY: ['this line has no key', 'write KEY: VALUE'],
  MULTIPLE_ANCHORS: ['a value cannot have two anchors ("&")', 'remove one of them'],
  MULTIPLE_DOCS: [
    'the spec holds several documents',
    'one spec is one document: remove this line, and give each document a file of its own',
  ],
  MULTIPLE_TAGS: ['a value cannot have two tags ("!")', 'remove one of them'],
  NON_STRING_KEY: ['a key must be text', 'put the key in quotes'],
  RESOURCE_EXHAUSTION: [
    'the spec is nested too deeply',
    'remove brackets: a spec needs about ten levels',
  ],
  TAB_AS_INDENT: [
    'this line is indented with a tab',
    'indent with spaces: YAML does not allow tabs there',
  ],
  TAG_RESOLVE_FAILED: ['this tag ("!") does not fit its value', 'remove the tag'],
  UNEXPECTED_TOKEN: [
    'this does not belong here',
    'write KEY: VALUE, and close each quote and bracket',
  ],
}

const isTooDeep = ({ message }: YAMLError): boolean => message.startsWith('Maximum call stack')

/** The first error of the reader: what follows it is nearly always its consequence. */
export const firstError = (errors: readonly YAMLError[]): Mistake | null => {
  const deep = errors.find(isTooDeep)
  const first = deep ?? errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0]
  if (first === undefined) return null
  const [message, help] = words[deep ? 'RESOURCE_EXHAUSTION' : first.code]
  return { start: first.pos[0], end: Math.max(first.pos[0] + 1, first.pos[1]), message, help }
}
