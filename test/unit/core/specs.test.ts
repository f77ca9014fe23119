import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compileFolder } from '../../support/cases.ts'

const folder = fileURLToPath(new URL('../../../fixtures/specs/', import.meta.url))

describe('every spec in fixtures/specs parses and renders', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    test(name, () => {
      const { cluster, diagnostics, artifacts } = compileFolder(folder, name)
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(cluster).not.toBeNull()
      expect(artifacts).not.toEqual([])
    })
  }
})
