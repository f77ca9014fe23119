import { fuzz } from './fuzz.ts'

const words = ['{', '}', '[', ']', ':', ',', '"', '\\u0000', 'null', '1e999', '-0', '"sha256":']

fuzz('lock', [...words, '"__proto__":', '"inputs":', '"format":', '"proof":'])
