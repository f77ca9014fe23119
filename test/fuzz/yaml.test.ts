import { fuzz } from './fuzz.ts'

const words = [
  '- ',
  ': ',
  '? ',
  '\n',
  '  ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '&a ',
  '*a',
  '!!str ',
  '"',
  "'",
]
const more = [
  '|\n',
  '>-\n',
  '#',
  '---\n',
  '...\n',
  '%TAG ! x\n',
  '\t',
  '\r\n',
  '\ufeff',
  '~',
  '.inf',
]
const keys = ['version: 1', 'password: x', '__proto__: 1', 'servers:', 'weight: 1e99', '<<: *a']

fuzz('yaml', [...words, ...more, ...keys])
