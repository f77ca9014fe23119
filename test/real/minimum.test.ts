import { describe, test } from 'vitest'
import { findVariant, isVariantName } from '../module/support/variants.ts'
import { readMinimum, shortage } from '../support/minimum.ts'
import { findByName, findJars, isMinimumRequired } from './support/servers.ts'
import { jarsListed } from './support/spring-boot.ts'

const find = (name: string): object => {
  const [kind, release = '', variant = ''] = name.split(':')
  if (kind === 'list') return findJars(jarsListed(release).map(([coordinates = '']) => coordinates))
  if (kind !== 'build') return findByName(name)
  if (!isVariantName(variant)) throw new Error(`test/minimum.yaml: no variant "${variant}"`)
  return findVariant(release, variant)
}

const whyMissing = (name: string): string | null => {
  const found = find(name)
  return 'missing' in found ? String(found.missing) : null
}

// Elsewhere than in CI each is skipped, with what CI would say.
describe('the servers and tools that CI requires', () => {
  for (const requirement of readMinimum()) {
    test(requirement.kind, (context) => {
      const missing = shortage(requirement, whyMissing)
      if (missing === null) return
      if (isMinimumRequired()) throw new Error(missing)
      context.skip(missing)
    })
  }
})
