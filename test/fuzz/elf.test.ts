import { fuzz } from './fuzz.ts'

const words = [
  '\u007fELF',
  '\u0000\u0000\u0000\u0000',
  '\u00ff\u00ff\u00ff\u00ff',
  '\u0001',
  '\u0002',
]

fuzz('elf', [...words, '\u0000', '\u007f', '8,4,8,0000', 'ngx_modules\u0000'])
