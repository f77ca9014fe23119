import { locate } from '../../src/core/diagnostics/located.ts'
import { readSpec } from '../../src/core/spec/read.ts'
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

fuzz('yaml', [...words, ...more, ...keys], (bytes) => {
  const { source, spec, diagnostics } = readSpec('sessctl.yaml', bytes)
  if (spec === null && diagnostics.length === 0) throw new Error('refused without a diagnostic')
  for (const { location } of locate(diagnostics, source))
    if (location.line === null || location.line < 1) throw new Error('a diagnostic without a place')
})
