import { fuzz } from './fuzz.ts'

const words = [
  '../',
  '/etc/',
  'ustar\u000000',
  '\u0000',
  '0000755',
  '2',
  '5',
  'x',
  'L',
  '77777777777',
]

fuzz('tar', [...words, '\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff', './', '.'])
