import { allStatements, type HttpdFiles } from '../config/httpd/statements.ts'
import type { HttpdDirective } from '../config/httpd/tree.ts'
import { type ConfigEdit, editText } from '../config/text.ts'
import { isIpv4, isIpv6 } from '../model/ip.ts'
import { encodeText } from '../render/encode-text.ts'
import type { TemporaryFile } from './check.ts'
import type { Replacement } from './originals.ts'
import { throwawayPair } from './throwaway-pair.ts'

/** A configuration that an httpd can test without touching the host. */
export interface HttpdCopy {
  /** The copy of the main file: absolute. */
  readonly main: string
  readonly files: readonly TemporaryFile[]
  /** Where each file of the copy is from. */
  readonly paths: ReadonlyMap<string, string>
  readonly replacements: readonly Replacement[]
  readonly notes: readonly string[]
}

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

/** Directives whose code would run during the check. */
const runsCode = /^(?:loadfile|perl.*|lua.*|wsgi.*|passenger.*|php.*_ini.*|rails.*)$/

/** Files, users and settings of the host that the check does not need. */
const leftOut =
  /^(?:serverroot|loadmodule|addmodule|clearmodulelist|user|group|chrootdir|suexec(?:usergroup)?|mutex|acceptmutex|lockfile|pidfile|scoreboardfile|defaultruntimedir|coredumpdirectory|documentroot|errorlog|rewritemap|remoteip(?:internalproxy|trustedproxy)list|ssl(?:carevocation(?:file|path)|opensslconfcmd|srpverifierfile|sessionticketkeyfile|proxy(?:carevocation(?:file|path)|machinecertificate(?:chain)?(?:file|path)))|ldaptrusted(?:globalcert|clientcert)|dav\w*lockdb(?:type)?|dbdriver|cachefile|mmapfile)$/

const certificates =
  /^ssl(?:certificate(?:key|chain)?file|cacertificatefile|cadnrequestfile|proxycacertificatefile)$/
const certificateFolders = /^ssl(?:proxy)?ca(?:certificate|dnrequest)path$/

/** A host name with its port, which httpd would look up. */
const hostName = (address: string): string | null => {
  const [, host = '', port = ''] = /^([^:[\]]+?)(:\S+)?$/.exec(address) ?? []
  const isFixed = /^(?:\*|_default_|\d+)$/.test(host) || isIpv4(host) || isIpv6(address)
  return host === '' || isFixed ? null : `127.0.0.1${port}`
}

/** Continuation lines stay lines, so that messages have the numbers of the original. */
const blank = (text: string, { start, end }: HttpdDirective): readonly ConfigEdit[] => [
  { start, end, text: '\n'.repeat(text.slice(start, end).split('\n').length - 1) },
]

const word = ({ words }: HttpdDirective, index: number, text: string): readonly ConfigEdit[] => {
  const found = words[index]
  return found === undefined ? [] : [{ start: found.start, end: found.end, text }]
}

const addressEdits = (directive: HttpdDirective): readonly ConfigEdit[] =>
  directive.args.flatMap((address, index) => {
    const replaced = hostName(address)
    return replaced === null ? [] : word(directive, index + 1, replaced)
  })

const editsOf = (
  text: string,
  directive: HttpdDirective,
  folder: string,
): readonly ConfigEdit[] => {
  const { block, name } = directive
  if (block !== null) return name === 'virtualhost' ? addressEdits(directive) : []
  if (leftOut.test(name)) return blank(text, directive)
  if (certificates.test(name)) return word(directive, 1, quoted(`${folder}/pair.pem`))
  if (certificateFolders.test(name)) return word(directive, 1, quoted(folder))
  if (/^(?:listen|namevirtualhost)$/.test(name)) return addressEdits(directive).slice(0, 1)
  return /^remoteip(?:internal|trusted)proxy$/.test(name) ? addressEdits(directive) : []
}

const all = (directives: readonly HttpdDirective[]): readonly HttpdDirective[] =>
  directives.flatMap((one) => [one, ...all(one.block?.children ?? [])])

/** The modules that the files load, by their names without `_module`; null: none. */
export const modulesOf = ({ statements }: HttpdFiles): readonly string[] | null => {
  const names = allStatements(statements)
    .filter(({ name }) => name === 'loadmodule')
    .map(({ args: [name = ''] }) => name.replace(/_module$/, ''))
  return names.length === 0 ? null : names
}

/** A path of the original below the folder of the copy; patterns stay patterns. */
const copiedPath = (path: string): string => {
  const parts = path.split('/').map((part) => (part === '..' ? 'up' : part))
  return `base/${path.startsWith('/') ? `root${parts.join('/')}` : parts.join('/')}`
}

/**
 * Copies a configuration with its includes into a folder: certificates are below it, host names are
 * loopback addresses, and nothing is loaded or looked up. Lines keep their numbers. Returns a sentence
 * when it cannot be tested.
 */
export const copyHttpd = (files: HttpdFiles, folder: string): HttpdCopy | string => {
  const template = [...files.files].find(([, { isTemplate }]) => isTemplate)
  if (template !== undefined) return `${template[0]} is a template, which httpd cannot read`
  for (const [path, { directives }] of files.files) {
    const code = all(directives).find(({ name }) => runsCode.test(name))
    if (code !== undefined) return `"${code.name}" in ${path} would run code during the check`
  }
  const missing = new Set(files.problems.map(({ at, path }) => `${path}\n${at}`))
  const notes = new Set<string>()
  const patterns = new Map<HttpdDirective, Set<string>>()
  for (const { directive, pattern } of files.includes)
    patterns.set(directive, (patterns.get(directive) ?? new Set()).add(pattern))
  /** One that is not executed would name a file of the host. */
  const includeEdits = (
    path: string,
    text: string,
    directive: HttpdDirective,
  ): readonly ConfigEdit[] => {
    const [pattern, ...others] = patterns.get(directive) ?? []
    if (pattern !== undefined && others.length === 0 && !missing.has(`${path}\n${directive.start}`))
      return word(directive, 1, quoted(`${folder}/${copiedPath(pattern)}`))
    if (pattern !== undefined) notes.add(`${directive.text} was left out: the file was not read`)
    return blank(text, directive)
  }
  const copies = [...files.files].map(([path, { directives, encoding, text }]) => {
    const edits = all(directives).flatMap((directive) =>
      /^include(?:optional)?$/.test(directive.name)
        ? includeEdits(path, text, directive)
        : editsOf(text, directive, folder),
    )
    return { path: copiedPath(path), content: encodeText(editText(text, edits), encoding) }
  })
  const names = [...files.files.keys()].map(
    (path) => [path, `${folder}/${copiedPath(path)}`] as const,
  )
  return {
    main: `${folder}/${copiedPath(files.main)}`,
    files: [...copies, { path: 'pair.pem', content: throwawayPair }],
    paths: new Map(names.map(([path, copy]) => [copy, path])),
    replacements: names.map(([original, relocated]) => ({ original, relocated })),
    notes: [...notes],
  }
}
