import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const folder = new URL('../../../fixtures/specs/', import.meta.url)

describe('every spec in fixtures/specs parses and renders', () => {
  for (const name of readdirSync(folder)) {
    test(name, () => {
      const text = readFileSync(new URL(name, folder), 'utf8')
      const { cluster, diagnostics } = compileText(text)
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(cluster).not.toBeNull()
    })
  }
})
