// Where things are: this repository, and what scripts/install-servers put into the cache.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** The folder of scripts/install-servers. */
export const serversDir = () =>
  process.env['SESSCTL_SERVERS'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sessctl', 'servers')

/** Built nginx: trees/ (without the module), variants/ (what tests start), index/ (which is which). */
export const buildsDir = () => join(serversDir(), 'nginx-builds')

/**
 * What the stamps of the install scripts name, by name: `{ version, path, stamp }`; the stamp's
 * text changes whenever one of the packages does.
 */
export const installed = () => {
  const dir = serversDir()
  const stamps = join(dir, 'sets')
  const found = new Map()
  for (const file of existsSync(stamps) ? readdirSync(stamps) : []) {
    if (!file.endsWith('.tsv')) continue
    const stamp = readFileSync(join(stamps, file), 'utf8')
    for (const line of stamp.split('\n')) {
      const [name, version, , path] = line.split('\t')
      if (path !== undefined) found.set(name, { version, path: join(dir, path), stamp })
    }
  }
  return found
}

/** nginx sources by their major.minor version: `{ version, tarball }`. */
export const sources = () =>
  new Map(
    [...installed()]
      .filter(([name]) => name.startsWith('nginx-source-'))
      .map(([name, { version, path }]) => [
        name.slice('nginx-source-'.length),
        { version, tarball: join(path, `nginx_${version}.orig.tar.gz`) },
      ]),
  )
