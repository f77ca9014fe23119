import { fuzz } from './fuzz.ts'

const words = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\u0000',
  'null',
  '1e999',
  '-0',
  '"path":',
  '../',
]

fuzz('manifest', [...words, '"__proto__":', '"artifacts":', '/etc/passwd', 'C:\\\\'])
