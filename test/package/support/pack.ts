import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** @returns the path of the package. */
const npmPack = (cwd: string, folder: string, ...options: readonly string[]): string => {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, ...options], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new Error('npm pack wrote no package')
  return join(folder, name)
}

/**
 * `npm pack` of the repository's files, in a copy: packing builds dist/, which other tests are using.
 * @returns the path of the package
 */
export const pack = (folder: string): string => {
  const copy = join(folder, 'repository')
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  for (const file of listed.split('\0').filter((name) => name !== '')) {
    cpSync(join(root, file), join(copy, file), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return npmPack(copy, folder)
}

/** The repository with the dist/ that it has: without the types of the library, which are slow to build. */
export const packBuilt = (folder: string): string => npmPack(root, folder, '--ignore-scripts')
