import { join } from 'node:path'
import { describe, test } from 'vitest'
import { findToolchain, type Missing, skipWithout } from '../../real/support/servers.ts'
import { addedReleases } from './sources.ts'
import { type Variant as Built, findVariant, type VariantName } from './variants.ts'

/**
 * What runs where. `some` are five builds that differ in everything that can matter: release, kind of
 * linking, patch, compiler; one of them is sanitized, one has nginx's own `sticky` (1.29.6). The rest repeats what is looked at by
 * `everywhere`: which session, which route, which server, which configuration is refused.
 */
const some: readonly (readonly [release: string, name: VariantName])[] = [
  ['1.18', 'static'],
  ['1.22', 'sanitized'],
  ['1.22', 'distribution'],
  ['1.28', 'dynamic'],
  ['1.30', 'distribution'],
  ...addedBuilds(),
]

const rest: typeof some = [
  ['1.18', 'dynamic'],
  ['1.18', 'distribution'],
  ['1.22', 'static'],
  ['1.22', 'dynamic'],
  ['1.22', 'mixed'],
  ['1.22', 'unpatched'],
  ['1.22', 'debug'],
  ['1.22', 'clang'],
  ['1.26', 'static'],
  ['1.26', 'mixed'],
  ['1.26', 'distribution'],
  ['1.28', 'static'],
  ['1.28', 'unpatched'],
]

/** Of a release that is tested on request: everything on each of these. */
function addedBuilds(): readonly (readonly [release: string, name: VariantName])[] {
  const names: readonly VariantName[] = ['static', 'unpatched', 'sanitized']
  return addedReleases.flatMap((release) => names.map((name) => [release, name] as const))
}

export interface Variant extends Built {
  /** It writes debug logs. */
  readonly isDebug: boolean
  /** Beside PATH and the like. */
  readonly env: Readonly<Record<string, string>>
}

type Body = (variant: Variant) => void

/** The body, once for each of these builds; where one is missing, a test says so. */
export const overVariants = (breadth: 'some' | 'everywhere', body: Body): void =>
  over(breadth === 'some' ? some : [...some, ...rest], body)

/** The same for builds of this release and later ones. */
export const overVariantsFrom = (release: string, body: Body): void =>
  over(
    some.filter(([version]) => isFrom({ version }, release)),
    body,
  )

/** The same for those that have `max_busy` and `drain`. */
export const overPatched = (breadth: 'some' | 'everywhere', body: Body): void => {
  const all = breadth === 'some' ? some : [...some, ...rest]
  over(
    all.filter(([, name]) => name !== 'unpatched' && name !== 'distribution'),
    body,
  )
}

/** For what takes long: only this build, and the same one of the releases added by hand. */
export const overVariant = (release: string, name: VariantName, body: Body): void =>
  over(
    [release, ...addedReleases].map((each) => [each, name] as const),
    body,
  )

const over = (variants: typeof some, body: Body): void => {
  for (const [release, name] of variants) {
    describe(`nginx ${release} ${name}`, () => {
      const found = findVariant(release, name)
      if ('missing' in found) reportMissing(found)
      else body(asVariant(found))
    })
  }
}

const reportMissing = (missing: Missing): void => {
  test('is there', (context) => skipWithout([missing], context))
}

const asVariant = (built: Built): Variant => {
  const isSanitized = built.name === 'sanitized'
  return {
    ...built,
    isDebug: isSanitized || built.name === 'debug',
    env: isSanitized ? sanitizing() : {},
  }
}

/** Every report ends the process; leaks are Valgrind's to find. */
const sanitizing = (): Readonly<Record<string, string>> => {
  const toolchain = findToolchain()
  const symbolizer = 'bin' in toolchain ? join(toolchain.bin, 'llvm-symbolizer') : ''
  return {
    ASAN_OPTIONS: 'detect_leaks=0:detect_stack_use_after_return=1:strict_string_checks=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
    ASAN_SYMBOLIZER_PATH: symbolizer,
    UBSAN_SYMBOLIZER_PATH: symbolizer,
  }
}

/** Whether it is at least that release: `isFrom(variant, '1.11.5')`. */
export const isFrom = ({ version }: { readonly version: string }, release: string): boolean => {
  const [ours = [], theirs = []] = [version, release].map((text) => text.split('.').map(Number))
  for (let index = 0; index < 3; index++) {
    const difference = (ours[index] ?? 0) - (theirs[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

/** -e (since 1.19.5) keeps nginx from opening its compiled-in error log before it reads ours. */
export const commandOf = (variant: Variant): readonly [string, ...string[]] =>
  isFrom(variant, '1.19.5') ? [variant.command, '-e', 'stderr'] : [variant.command]
