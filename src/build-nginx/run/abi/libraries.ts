import { dirname } from 'node:path'
import { IoError } from '../../../errors.ts'
import type { Files } from '../../../ports.ts'
import { type Elf, readElf } from '../../core/abi/elf.ts'
import type { Libraries } from '../../core/abi/link.ts'
import { filesMatching } from '../matching.ts'

/** The largest library that an nginx is linked with has a few MiB. */
const mostBytes = 256 * 1024 * 1024

/** Searched by the dynamic linkers after those of their configuration. */
const usual = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib']

/** Debian's dynamic linker knows its folders by itself: `/usr/lib/x86_64-linux-gnu`. */
const multiarch = async (root: string, files: Files): Promise<readonly string[]> => {
  const found: string[] = []
  for (const folder of ['/lib', '/usr/lib'])
    found.push(...(await filesMatching(`${folder}/*-linux-*`, root, files)))
  return found
}

const readText = async (file: string, files: Files): Promise<string> => {
  try {
    return Buffer.from(await files.read(file)).toString('utf8')
  } catch (error) {
    if (error instanceof IoError) return ''
    throw error
  }
}

/** The folders of /etc/ld.so.conf, with the files that it includes; below a root folder. */
const configured = async (root: string, files: Files): Promise<readonly string[]> => {
  const folders: string[] = []
  const read = async (file: string, depth: number): Promise<void> => {
    for (const line of (await readText(`${root}${file}`, files)).split('\n')) {
      const [text = ''] = line.split('#', 1)
      const included = /^\s*include\s+(\S+)/.exec(text)?.[1]
      if (included === undefined) folders.push(...text.split(/[\s:,]+/).filter(Boolean))
      else if (depth < 8)
        for (const each of await filesMatching(included, root, files)) await read(each, depth + 1)
    }
  }
  await read('/etc/ld.so.conf', 0)
  return folders
}

/** Where a library asks for others first; `$ORIGIN` is its own folder. */
const ownFolders = ({ runPaths }: Elf, file: string): readonly string[] =>
  runPaths.map((path) => path.replace(/\$ORIGIN|\$\{ORIGIN\}/g, dirname(file)))

/**
 * Reads the libraries that some files need, with those that they need in turn, as the dynamic linker
 * of this host finds them. Nothing is run.
 * @param root the folder in which the machine's file system begins; empty: this host's.
 */
export const librariesOf = async (
  loaded: readonly { readonly file: string; readonly elf: Elf }[],
  root: string,
  files: Files,
): Promise<Libraries> => {
  const folders = [...(await configured(root, files)), ...(await multiarch(root, files)), ...usual]
  const libraries = new Map<string, Elf | null>()
  const find = async (
    name: string,
    first: readonly string[],
    machine: number,
  ): Promise<{ readonly file: string; readonly elf: Elf } | null> => {
    const places = name.includes('/')
      ? [name]
      : [...first, ...folders].map((folder) => `${folder}/${name}`)
    for (const file of places) {
      if (!(await files.exists(`${root}${file}`))) continue
      const elf = readElf(await files.read(`${root}${file}`, mostBytes))
      // As the dynamic linker does: one for another kind of machine is passed over.
      if (elf?.machine === machine) return { file, elf }
    }
    return null
  }
  const queue = [...loaded]
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    for (const name of one.elf.needed) {
      if (libraries.has(name)) continue
      const found = await find(name, ownFolders(one.elf, one.file), one.elf.machine)
      libraries.set(name, found?.elf ?? null)
      if (found !== null) queue.push(found)
    }
  }
  return libraries
}
