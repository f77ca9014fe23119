import { fuzz } from './fuzz.ts'

const words = [
  '100644 blob abc\tserver.xml\u0000',
  '040000 tree abc\tCatalina\u0000',
  '../',
  '\t',
  '\u0000',
]

fuzz('git', [...words, '120000 blob abc\tx\u0000', '\r\n', '\u00ff\u00fe', 'localhost'])
