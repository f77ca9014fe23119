import { knownModule, knownName } from './known/index.ts'
import { isMisread, type Misread, parseSource } from './parse.ts'
import type { Source } from './source.ts'

export interface ModuleSource {
  /** What messages, folders and nginx.lock call it. */
  readonly name: string
  /** Its whole source. */
  readonly source: Source
  /** Where in the source its file `config` is; empty: at the top. */
  readonly folder: string
  /** The module that needs it, if it was not asked for. */
  readonly neededBy: string | null
}

const nameOf = (source: Source): string => {
  const path =
    source.kind === 'git'
      ? source.folder || source.url
      : source.kind === 'local'
        ? source.path
        : source.kind === 'url'
          ? source.url
          : source.kind === 'apt'
            ? source.package
            : ''
  const last = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  const plain = last.replace(/\.git$|\.(tar(\.\w+)?|tgz)$/g, '').replace(/[^A-Za-z0-9_.-]/g, '_')
  return plain === '' || plain.startsWith('.') ? 'module' : plain
}

const named = /^([A-Za-z][A-Za-z0-9_-]{0,63})=(.+)$/

/** `SOURCE//FOLDER`, but not the slashes of an address. */
const within = /^(.*[^:/])\/\/([^/].*?)\/*$/

const isFolder = (path: string): boolean =>
  /^[A-Za-z0-9_.@+/-]+$/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** Where its row says that `config` is, also where the source names that folder itself. */
const placed = (name: string, source: Source, folder: string | null): ModuleSource => {
  const usual = knownModule(name)?.folder ?? ''
  const common = { name, neededBy: null }
  if (source.kind === 'git' && source.folder !== '')
    return { ...common, source, folder: source.folder }
  if (folder !== null) return { ...common, source, folder }
  const path = source.kind === 'local' ? source.path.replace(/\/+$/, '') : ''
  if (usual !== '' && path.endsWith(`/${usual}`))
    return {
      ...common,
      source: { kind: 'local', path: path.slice(0, -usual.length - 1) },
      folder: usual,
    }
  return { ...common, source, folder: usual }
}

const fromTable = (text: string, folder: string | null): ModuleSource | Misread | null => {
  const [written = '', ref] = text.split('@', 2)
  const name = knownName(written)
  const row = name === null ? null : knownModule(name)
  if (name === null || row === null) return null
  const wanted = ref ?? row.ref
  if (wanted === null)
    return { misread: `${name} has no releases`, help: `name a commit: ${name}@COMMIT` }
  const source = parseSource(`${row.url}@${wanted}`, '')
  return isMisread(source) ? source : placed(name, source, folder)
}

/** `jvm_route`, `vts`, `vts@v0.2.3`, any source with `//FOLDER` where that has it, or NAME=SOURCE. */
export const parseModule = (text: string): ModuleSource | Misread => {
  const [, ownName, ownSource = ''] = named.exec(text) ?? []
  if (ownName !== undefined) {
    const read = parseModule(ownSource)
    const name = knownName(ownName) ?? ownName
    if (isMisread(read)) return read
    // A source that is named is placed by its new name: njs=./njs has its config in nginx/.
    return read.folder === '' ? placed(name, read.source, null) : { ...read, name }
  }
  const [, before = text, written = null] = within.exec(text) ?? []
  if (written !== null && !isFolder(written))
    return {
      misread: `${text}: "${written}" is not a folder of the source`,
      help: 'write SOURCE//FOLDER, for example ./njs//nginx',
    }
  if (before === 'jvm_route')
    return { name: before, source: { kind: 'bundled' }, folder: '', neededBy: null }
  const row = fromTable(before, written)
  if (row !== null) return row
  const source = parseSource(before, '')
  if (isMisread(source)) return source
  if (source.kind === 'release')
    return {
      misread: `${text} is a version without the name of a module`,
      help: 'write, for example, vts@v0.2.4',
    }
  return placed(nameOf(source), source, written)
}
