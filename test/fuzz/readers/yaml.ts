import { locate } from '../../../src/core/diagnostics/located.ts'
import { readSpec } from '../../../src/core/pipeline.ts'
import type { Read } from '../read.ts'

export const read: Read = (bytes) => {
  const { source, spec, diagnostics } = readSpec('sessctl.yaml', bytes)
  if (spec === null && diagnostics.length === 0) throw new Error('refused without a diagnostic')
  for (const { location } of locate(diagnostics, source))
    if (location.line === null || location.line < 1) throw new Error('a diagnostic without a place')
}
