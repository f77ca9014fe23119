// nginx with the module in it, built for speed: -O2, as packages are.
import { join } from 'node:path'
import { makeStatic } from '../../scripts/nginx/modules.mjs'
import { installed, sources } from '../../scripts/nginx/places.mjs'

export const benchedRelease = '1.28'

/**
 * @param {string} release major.minor, one whose source scripts/install-servers has
 * @returns {Promise<{ version: string, command: string, valgrind: string }>}
 */
export const optimised = async (release) => {
  const source = sources().get(release)
  const toolchain = installed().get('toolchain')
  if (source === undefined || toolchain === undefined) {
    throw new Error(`no source of nginx ${release}, or no compilers: run scripts/install-servers`)
  }
  const place = await makeStatic({ short: release, ...source }, 'optimised')
  return {
    version: source.version,
    command: join(place, 'nginx'),
    valgrind: join(toolchain.path, 'valgrind'),
  }
}

/** Whether nginx has its own `sticky` (1.29.6). @param {string} version */
export const hasSticky = (version) => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major > 1 || minor > 29 || (minor === 29 && patch >= 6)
}
