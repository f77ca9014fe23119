import { type Directive, readNginxConfig } from '../../../core/config/nginx/tree.ts'
import { type ConfigEdit, editText } from '../../../core/config/text.ts'
import type { Probe } from '../upgrade/probe.ts'
import type { ConfigFile } from './config-files.ts'
import { belowPrefix } from './places.ts'
import { type PrivateListeners, privateListeners } from './private-listen.ts'

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** What is wanted of a copy of a configuration that touches nothing of the host. */
export interface CopyRequest {
  readonly main: ConfigFile
  /** Directives of `-g`, which nginx reads before the file. */
  readonly overriding: string
  readonly prefix: string
  /** The folder of the copy; absolute. */
  readonly folder: string
  /** What `listen` is without one in a server: 8000 for another user than root. */
  readonly usualPort: 80 | 8000
  /** Directives such as `proxy_temp_path` whose compiled-in value would be used otherwise. */
  readonly temporary: readonly string[]
  /** The file that is loaded instead of one that a `load_module` names. */
  readonly moduleFile: (path: string) => string
  readonly probe: Probe | null
  /** On 127.0.0.1, for the probe. */
  readonly port: number
}

export interface PrivateCopy {
  /** Paths are relative to the folder; one UTF-16 unit is one byte. */
  readonly files: readonly { readonly path: string; readonly text: string }[]
  /** Where each file of the copy is from, to name it in messages. */
  readonly originals: ReadonlyMap<string, string>
  /** Relative to the folder of the copy. */
  readonly main: string
  readonly isProbed: boolean
}

const quoted = (word: string): string => `"${word.replace(/["\\]/g, '\\$&')}"`

type Blocks = readonly string[]

const isServer = ({ name, block }: Directive, within: Blocks): boolean =>
  name === 'server' && block !== null && within.length === 1

/** Has a `listen`, be it in a file that it includes. */
const listens = (directives: readonly Directive[], { included }: ConfigFile): boolean =>
  directives.some(
    ({ name, start }) =>
      name === 'listen' ||
      (included.get(start) ?? []).some((file) => listens(file.config.directives, file)),
  )

type Visit = (directive: Directive, within: Blocks, file: ConfigFile) => void

/** All directives in the order of nginx. */
const visitAll = (file: ConfigFile, around: Blocks, visit: Visit): void => {
  const read = (directives: readonly Directive[], within: Blocks): void => {
    for (const directive of directives) {
      visit(directive, within, file)
      for (const one of file.included.get(directive.start) ?? []) visitAll(one, within, visit)
      if (directive.block !== null) read(directive.block.children, [...within, directive.name])
    }
  }
  read(file.config.directives, around)
}

/** The words of every `listen`, with that of servers which have none. */
const allListens = (main: ConfigFile, usualPort: number): readonly (readonly string[])[] => {
  const found: (readonly string[])[] = []
  visitAll(main, [], (directive, within, file) => {
    if (directive.name === 'listen' && within.at(-1) === 'server') found.push(directive.args)
    if (isServer(directive, within) && !listens(directive.block?.children ?? [], file))
      found.push([`*:${usualPort}`])
  })
  return found
}

/** Files that a running nginx writes, by the directive whose first word names them. */
const writtenFiles: Readonly<Record<string, string>> = {
  pid: 'nginx.pid',
  lock_file: 'nginx.lock',
  error_log: 'error.log',
  access_log: 'access.log',
  vhost_traffic_status_dump: 'traffic.db',
}

interface Tools {
  readonly request: CopyRequest
  readonly listeners: PrivateListeners
  /** The path of the copy for a folder of temporary files; the same for the same path. */
  readonly folderFor: (path: string) => string
  /** The path of the copy of a file. */
  readonly copyOf: (file: ConfigFile, around: Blocks) => string
}

const firstWord = ({ words }: Directive, text: string): readonly ConfigEdit[] => {
  const word = words[1]
  return word === undefined ? [] : [{ start: word.start, end: word.end, text }]
}

const listenEdit = ({ words, args }: Directive, { listeners }: Tools): readonly ConfigEdit[] => {
  const [first, last] = [words[1], words.at(-1)]
  if (first === undefined || last === undefined) return []
  return [{ start: first.start, end: last.end, text: listeners.replace(args).join(' ') }]
}

/** `state=FILE`, as js_shared_dict_zone has it. */
const stateEdits = ({ words }: Directive, { folderFor }: Tools): readonly ConfigEdit[] =>
  words
    .filter(({ value }) => /^state=./.test(value))
    .map(({ start, end, value }) => ({ start, end, text: quoted(`state=${folderFor(value)}`) }))

const editsOf = (
  directive: Directive,
  within: Blocks,
  file: ConfigFile,
  tools: Tools,
): readonly ConfigEdit[] => {
  const { request, folderFor, copyOf, listeners } = tools
  const { name, args, block, start, end } = directive
  const [first = ''] = args
  const isMain = within.length === 0
  const files = name === 'include' ? file.included.get(start) : undefined
  if (files !== undefined && (files.length > 0 || /[*?[]/.test(first)))
    // On one line, so that messages have the numbers of the original.
    return [
      { start, end, text: files.map((one) => `include ${quoted(copyOf(one, within))};`).join(' ') },
    ]
  if (name === 'listen' && within.at(-1) === 'server') return listenEdit(directive, tools)
  if (name === 'access_log' && first === 'off') return []
  const written = writtenFiles[name]
  if (written !== undefined) return firstWord(directive, quoted(`${request.folder}/${written}`))
  if (/_(temp|cache)_path$/.test(name)) return firstWord(directive, quoted(folderFor(first)))
  if (isMain && name === 'daemon') return firstWord(directive, 'off')
  if (isMain && name === 'worker_processes') return firstWord(directive, '1')
  if (isMain && name === 'load_module')
    return firstWord(directive, quoted(request.moduleFile(belowPrefix(request.prefix, first))))
  if (block !== null && isMain && name === 'http') {
    const missing = request.temporary.map((one) => ` ${one} ${quoted(folderFor(one))};`)
    return [{ start: block.start, end: block.start, text: missing.join('') }]
  }
  if (block !== null && isServer(directive, within) && within[0] === 'http') {
    if (listens(block.children, file)) return stateEdits(directive, tools)
    const words = listeners.replace([`*:${request.usualPort}`])
    return [{ start: block.start, end: block.start, text: ` listen ${words.join(' ')};` }]
  }
  return stateEdits(directive, tools)
}

const textOf = (file: ConfigFile, around: Blocks, tools: Tools): string => {
  const edits: ConfigEdit[] = []
  const read = (directives: readonly Directive[], within: Blocks): void => {
    for (const directive of directives) {
      edits.push(...editsOf(directive, within, file, tools))
      if (directive.block !== null) read(directive.block.children, [...within, directive.name])
    }
  }
  read(file.config.directives, around)
  return editText(file.config.text, edits)
}

/** Directives of the main level that a copy must not inherit from what was compiled in. */
const headOf = (main: ConfigFile, overriding: ConfigFile, folder: string): string => {
  const names = new Set<string>()
  for (const file of [main, overriding])
    visitAll(file, [], ({ name }, within) => {
      if (within.length === 0) names.add(name)
    })
  return [
    ['daemon', 'off'],
    ['pid', quoted(`${folder}/nginx.pid`)],
    ['error_log', quoted(`${folder}/error.log`)],
  ]
    .filter(([name = '']) => !names.has(name))
    .map(([name, value]) => `${name} ${value}; `)
    .join('')
}

/**
 * A configuration that an nginx can test or run without touching the host: its files, sockets, logs and
 * temporary folders are below one folder. Lines keep their numbers.
 */
export const privateCopy = (request: CopyRequest): PrivateCopy => {
  const { main, folder, probe, port, usualPort } = request
  const files: { path: string; text: string }[] = []
  const originals = new Map<string, string>()
  const folders: string[] = []
  const tools: Tools = {
    request,
    listeners: privateListeners(allListens(main, usualPort), probe, port, `${folder}/sockets`),
    folderFor: (path) => {
      if (!folders.includes(path)) folders.push(path)
      return `${folder}/temporary/${folders.indexOf(path)}`
    },
    copyOf: (file, around) => {
      const path = `included/${originals.size}-${basename(file.path).replace(/[^\w.-]/g, '_')}`
      originals.set(`${folder}/${path}`, file.path)
      files.push({ path, text: textOf(file, around, tools) })
      return `${folder}/${path}`
    },
  }
  const overriding: ConfigFile = {
    path: '-g',
    config: readNginxConfig(request.overriding),
    included: new Map(),
  }
  const head = `${headOf(main, overriding, folder)}${textOf(overriding, [], tools)} `
  const name = `${mirroredFolder(main)}/${basename(main.path)}`
  originals.set(`${folder}/${name}`, main.path)
  files.push({ path: name, text: `${head}${textOf(main, [], tools)}` })
  return { files, originals, main: name, isProbed: tools.listeners.isProbed }
}

/**
 * How far above its own folder a configuration names files (`../htpasswd`): a copy must have these, too.
 * The path is relative to the copy.
 */
export const mirroredFolder = (main: ConfigFile): string => {
  let levels = 0
  visitAll(main, [], ({ args }) => {
    for (const word of args)
      levels = Math.max(levels, /^(\.\.\/)*/.exec(word)?.[0].split('/').length ?? 1)
  })
  return [
    'tree',
    ...main.path.split('/').filter(Boolean).slice(0, -1).slice(-Math.max(levels, 1)),
  ].join('/')
}

/** Directives for temporary files that a binary knows and a configuration does not set. */
export const missingTemporary = (
  directives: readonly { readonly name: string }[],
  configureFlags: readonly string[],
): readonly string[] =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .filter((name) => !configureFlags.includes(`--without-http_${name}_module`))
    .map((name) => `${name}_temp_path`)
    .filter((name) => !directives.some((one) => one.name === name))
