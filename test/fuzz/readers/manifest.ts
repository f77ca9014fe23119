import { parseManifest } from '../../../src/core/output/manifest.ts'
import type { Read } from '../read.ts'

export const read: Read = (bytes) => {
  const manifest = parseManifest(bytes.toString('utf8'))
  for (const { path } of manifest?.artifacts ?? [])
    if (path.startsWith('/') || path.split('/').includes('..'))
      throw new Error(`the manifest names ${path}`)
}
