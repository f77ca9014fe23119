import { parseManifest } from '../../src/core/output/manifest.ts'
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

fuzz('manifest', [...words, '"__proto__":', '"artifacts":', '/etc/passwd', 'C:\\\\'], (bytes) => {
  const manifest = parseManifest(bytes.toString('utf8'))
  for (const { path } of manifest?.artifacts ?? [])
    if (path.startsWith('/') || path.split('/').includes('..'))
      throw new Error(`the manifest names ${path}`)
})
