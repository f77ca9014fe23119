import { describe, expect } from 'vitest'
import { checkBehaviour } from '../../scripts/nginx/behaviour.mjs'
import { run } from '../real/support/process.ts'
import { withServers } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { releases } from './support/sources.ts'
import { findVariant, type VariantName } from './support/variants.ts'

const everywhere: readonly VariantName[] = ['static', 'dynamic', 'mixed', 'unpatched']
const onlyOnce: readonly VariantName[] = ['debug', 'clang', 'sanitized']
const packaged = ['1.18', '1.22', '1.26', '1.30']

const variantsOf = (release: string): readonly VariantName[] => [
  ...everywhere,
  ...(packaged.includes(release) ? (['distribution'] as const) : []),
  ...(release === '1.22' ? onlyOnce : []),
]

describe.each(releases)('nginx %s', (release) => {
  for (const name of variantsOf(release)) {
    const needs = { nginx: findVariant(release, name) }
    withServers(
      needs,
      `${name}: session affinity, failover and the status page work`,
      async ({ nginx }) => {
        const said = await run([nginx.command, '-v'], tempDir())
        expect(said.output).toContain(`nginx/${nginx.version}`)
        expect(nginx.loadModule === '').toBe(['static', ...onlyOnce].includes(name))
        await checkBehaviour(nginx)
      },
    )
  }
})
