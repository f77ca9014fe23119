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

/** What is installed under names with this prefix, by what follows it: major.minor versions. */
const releasesOf = (prefix) =>
  new Map(
    [...installed()]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, found]) => [name.slice(prefix.length), found]),
  )

/** nginx sources by their major.minor version: `{ version, tarball }`. */
export const sources = () =>
  new Map(
    [...releasesOf('nginx-source-')].map(([short, { version, path }]) => [
      short,
      { version, tarball: join(path, `nginx_${version}.orig.tar.gz`) },
    ]),
  )

/** Folders with the headers of packaged nginx and its `auto/`, by major.minor: `{ version, path, stamp }`. */
export const headers = () => releasesOf('nginx-headers-')

/** What the install scripts could not get: the reason, by name; of `*` the reason is one for all. */
export const gaps = () => {
  const dir = join(serversDir(), 'gaps')
  const files = existsSync(dir) ? readdirSync(dir) : []
  return new Map(
    files
      .filter((name) => name.endsWith('.tsv'))
      .flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n'))
      .map((line) => line.split('\t'))
      .filter(([, reason]) => reason !== undefined),
  )
}

/** Why something is not installed, or what to run. */
export const whyMissing = (name, script) => {
  const known = gaps()
  const reason = known.get(name) ?? known.get('*')
  return reason === undefined
    ? `${name} is not installed (${script})`
    : `${name} is not installed: ${reason}`
}
