// Names for contents: what is built from the same bytes in the same way has the same name.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './places.mjs'

/** The first 16 hexadecimal digits of the sha256 of all parts. */
export const digestOf = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('hex').slice(0, 16)
}

/** Of the files of a folder that `wanted` is true of, names and contents. */
export const digestOfFolder = (dir, wanted = () => true) => {
  if (!existsSync(dir)) return 'none'
  const names = readdirSync(dir)
    .filter((name) => /\.[a-z]+$|^config$/.test(name) && wanted(name))
    .sort()
  return digestOf(...names.flatMap((name) => [name, readFileSync(join(dir, name))]))
}

export const moduleDir = join(repository, 'module')
export const patchesDir = join(repository, 'patches', 'nginx')

/** Of the module's code: what a compiler reads. */
export const moduleDigest = () => digestOfFolder(moduleDir, (name) => /\.[ch]$|^config$/.test(name))

/** Of all that the tested builds of nginx depend on in this repository. */
export const buildsDigest = () =>
  digestOf(
    moduleDigest(),
    digestOfFolder(patchesDir),
    digestOfFolder(join(repository, 'scripts', 'nginx'), (name) => name.endsWith('.mjs')),
  )
