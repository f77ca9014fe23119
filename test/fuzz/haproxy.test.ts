import { fuzz } from './fuzz.ts'
import { templateWords } from './template-words.ts'

const words = [
  '\n',
  '\r\n',
  ' ',
  '\t',
  '"',
  "'",
  '\\',
  '\\x41',
  '#',
  '"$\u007bA-',
  '"$\u007bA[*]}" ',
]
const templates = [...templateWords, '$\u007bA}\n']
const lines = ['.if a\n', '.elif a\n', '.else\n', '.endif\n', 'defaults a from b\n', 'backend a\n']

fuzz('haproxy', [...words, ...templates, ...lines, 'server a 1:1 ', '\u0000', '\u00ff'])
