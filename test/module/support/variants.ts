import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildsDigest } from '../../../scripts/nginx/digest.mjs'
import { type Missing, type Server, serversDir } from '../../real/support/servers.ts'

/**
 * How an nginx came to its module: linked into a patched one (`static`, and the same with
 * `--with-debug`, by clang, with ASan and UBSan), loaded by a patched one (`dynamic`; `mixed`: built
 * against the unpatched source), loaded by an unpatched one (`unpatched`; `distribution`: Debian's
 * package), or not at all (`plain`, `patched`).
 */
export type VariantName = (typeof variantNames)[number]

const variantNames = [
  'plain',
  'patched',
  'static',
  'dynamic',
  'mixed',
  'unpatched',
  'distribution',
  'debug',
  'clang',
  'sanitized',
] as const

export const isVariantName = (word: string): word is VariantName =>
  variantNames.some((name) => name === word)

/** An nginx that can be started with `startNginx(variant, { main: variant.loadModule, http })`. */
export interface Variant extends Server {
  readonly name: VariantName
  /** The `load_module` lines; empty where the module is in the binary, or is not there. */
  readonly loadModule: string
  /** Whether it knows `server … srun_id=`; the others say `srun_id ID ADDRESS`. */
  readonly isPatched: boolean
}

const unpatched: readonly VariantName[] = ['plain', 'unpatched', 'distribution']

/**
 * A variant as `scripts/build-test-nginx.mjs` built it from the module and the patches as they are
 * now, by its release as major.minor: `findVariant('1.22', 'static')`.
 */
export const findVariant = (release: string, name: VariantName): Variant | Missing => {
  const file = join(
    serversDir(),
    'nginx-builds',
    'index',
    buildsDigest(),
    `${release}-${name}.json`,
  )
  if (!existsSync(file)) {
    const missing = `nginx ${release} ${name} is not built from today's sources (scripts/build-test-nginx.mjs)`
    return { missing, isGap: false }
  }
  const entry: Entry | Gap = JSON.parse(readFileSync(file, 'utf8'))
  if ('missing' in entry) return { missing: entry.missing, isGap: true }
  const { version, command, modules } = entry
  const loadModule = modules.map((module) => `load_module ${JSON.stringify(module)};`).join('\n')
  return { name, version, command, loadModule, isPatched: !unpatched.includes(name) }
}

interface Entry {
  readonly version: string
  readonly command: string
  readonly modules: readonly string[]
}

/** Why it could not be built. */
interface Gap {
  readonly missing: string
}
