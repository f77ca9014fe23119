import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './process.ts'
import { findByName, type Missing } from './servers.ts'

/** Source packages of Debian that have a module of the table. */
const packages: Readonly<Record<string, string>> = {
  ndk: 'libnginx-mod-http-ndk',
  'set-misc': 'libnginx-mod-http-set-misc',
  lua: 'libnginx-mod-http-lua',
  'headers-more': 'libnginx-mod-http-headers-more-filter',
  echo: 'libnginx-mod-http-echo',
  brotli: 'libnginx-mod-http-brotli',
  'cache-purge': 'libnginx-mod-http-cache-purge',
  geoip2: 'libnginx-mod-http-geoip2',
  modsecurity: 'libnginx-mod-http-modsecurity',
  njs: 'libnginx-mod-js',
  rtmp: 'libnginx-mod-rtmp',
}

/** A folder with a folder for each module that is to be tried as well, by its name. */
const given = process.env['SESSCTL_TEST_MODULES'] ?? ''

const tarballIn = (folder: string): string | null => {
  const name = readdirSync(folder).find((one) => /\.orig\.tar\.(gz|xz|bz2)$/.test(one))
  return name === undefined ? null : join(folder, name)
}

const unpack = async (tarball: string, folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  await run(['tar', '-xf', tarball, '-C', folder, '--strip-components=1'], folder)
}

/** The library that is a submodule of the repository comes in a package of its own. */
const withBrotli = async (tarball: string, folder: string): Promise<string | Missing> => {
  const library = findByName('module-brotli')
  if ('missing' in library) return library
  const packed = tarballIn(library.path)
  if (packed === null) return { missing: 'brotli has no tarball', isGap: true }
  await unpack(tarball, folder)
  await unpack(packed, join(folder, 'deps/brotli'))
  return folder
}

/** The source of a module, for --module NAME=SOURCE; or why there is none here. */
export const moduleSource = async (name: string, below: string): Promise<string | Missing> => {
  const own = join(given, name)
  if (given !== '' && existsSync(own)) {
    cpSync(own, join(below, name), { recursive: true })
    return join(below, name)
  }
  const packaged = packages[name]
  if (packaged === undefined)
    return {
      missing: `no package has the source of ${name}; SESSCTL_TEST_MODULES/${name} would be built`,
      isGap: true,
    }
  const found = findByName(`module-${packaged}`)
  if ('missing' in found) return found
  const tarball = tarballIn(found.path)
  if (tarball === null) return { missing: `${packaged} has no tarball`, isGap: true }
  return name === 'brotli' ? withBrotli(tarball, join(below, name)) : tarball
}
