import { nginxStatements, readNginxFiles } from '../../config/nginx/files.ts'
import { allDirectives, type Directive } from '../../config/nginx/tree.ts'
import { type ConfigEdit, editText } from '../../config/text.ts'
import type { ConfigFiles } from '../../dialects/dialect.ts'
import { isIpv4, isIpv6 } from '../../model/ip.ts'
import type { TemporaryFile } from '../check.ts'
import type { Replacement } from '../originals.ts'
import { throwawayPair } from '../throwaway-pair.ts'
import type { NginxBuild } from './build.ts'
import type { WrapOptions } from './wrap.ts'

/** A configuration that an nginx can test without touching the host. */
export interface BaseCopy {
  readonly main: string
  readonly files: readonly TemporaryFile[]
  /** Where each file of the copy is from. */
  readonly paths: ReadonlyMap<string, string>
  readonly replacements: readonly Replacement[]
  readonly notes: readonly string[]
}

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

/** Directives whose code would run during the check, and those of modules that may not be there. */
const runsCode = /^(?:perl|perl_.*|.*_by_lua(?:_.*)?|lua_.*|js_.*|passenger_.*|ssl_engine)$/

/** Files and settings of the host that the check does not need. */
const leftOut =
  /^(?:user|daemon|master_process|pid|lock_file|load_module|working_directory|ssl_dhparam|ssl_crl|ssl_password_file|ssl_stapling_file|ssl_session_ticket_key|.*_ssl_crl|.*_ssl_password_file|state|google_perftools_profiles)$/

const certificates =
  /^(?:|.*_)ssl_(?:certificate|certificate_key|client_certificate|trusted_certificate)$/

const isAddress = (host: string): boolean =>
  isIpv4(host) || isIpv6(host.replace(/^\[|\]$/g, '')) || host.startsWith('unix:')

interface Copying {
  readonly folder: string
  readonly upstreams: ReadonlySet<string>
  readonly copyOf: (path: string) => string
  readonly included: (path: string, directive: Directive) => readonly string[] | null
  readonly socketOf: (address: string) => string
  readonly notes: Set<string>
}

const word = ({ words }: Directive, index: number, text: string): readonly ConfigEdit[] => {
  const found = words[index]
  return found === undefined ? [] : [{ start: found.start, end: found.end, text: quoted(text) }]
}

const whole = ({ start, end }: Directive, text: string): readonly ConfigEdit[] => [
  { start, end, text },
]

/** The host of `proxy_pass` and the like that nginx would look up. */
const passEdits = (directive: Directive, upstreams: ReadonlySet<string>): readonly ConfigEdit[] => {
  const [target = ''] = directive.args
  const [, scheme = '', host = '', rest = ''] = /^(\w+:\/\/)?([^/:]*)(.*)$/s.exec(target) ?? []
  const isKnown = host === '' || host.includes('$') || upstreams.has(host.toLowerCase())
  if (isKnown || isAddress(host) || /^(?:https?:\/\/)?(?:unix:|\[)/.test(target)) return []
  return word(directive, 1, `${scheme}127.0.0.1${rest}`)
}

const serverEdits = (directive: Directive): readonly ConfigEdit[] => {
  const [address = ''] = directive.args
  const [, host = address, port = ''] = /^(\[.*\]|[^:]*)(:\d+)?$/.exec(address) ?? []
  const isLookedUp = !isAddress(host) && !address.startsWith('unix:')
  return isLookedUp && !directive.args.includes('resolve')
    ? word(directive, 1, `127.0.0.1${port}`)
    : []
}

const listenEdits = (directive: Directive, { socketOf }: Copying): readonly ConfigEdit[] => {
  const [address = '', ...options] = directive.args
  const [first, last] = [directive.words[1], directive.words.at(-1)]
  if (first === undefined || last === undefined) return []
  const isQuic = options.some((option) => option === 'quic' || option === 'udp')
  const kept = options.filter((option) =>
    /^(?:ssl|http2|default_server|default|proxy_protocol|spdy)$/.test(option),
  )
  const words = [quoted(`unix:${socketOf(`${address}${isQuic ? ' udp' : ''}`)}`), ...kept]
  return [{ start: first.start, end: last.end, text: words.join(' ') }]
}

const includeEdits = (
  path: string,
  directive: Directive,
  copying: Copying,
): readonly ConfigEdit[] => {
  const paths = copying.included(path, directive)
  if (paths === null) return []
  const [pattern = ''] = directive.args
  if (paths.length === 0 && !/[*?[]/.test(pattern))
    copying.notes.add(`include ${pattern} was left out: the file was not read`)
  // On one line, so that messages have the numbers of the original.
  return whole(directive, paths.map((one) => `include ${quoted(copying.copyOf(one))};`).join(' '))
}

const editsOf = (
  path: string,
  directive: Directive,
  within: readonly Directive[],
  copying: Copying,
): readonly ConfigEdit[] => {
  const { name, args, block } = directive
  const parent = within.at(-1)?.name
  const [first = ''] = args
  if (name === 'include') return includeEdits(path, directive, copying)
  if (parent !== undefined && /^(?:map|geo|types|split_clients|match)$/.test(parent)) return []
  if (leftOut.test(name) && block === null) return whole(directive, '')
  if (name === 'error_log') return whole(directive, 'error_log stderr;')
  if (name === 'access_log') return whole(directive, 'access_log off;')
  if (/_(?:temp|cache)_path$/.test(name)) return word(directive, 1, `${copying.folder}/${name}`)
  if (certificates.test(name) && !first.includes('$') && first !== 'off')
    return word(directive, 1, `${copying.folder}/pair.pem`)
  if (name === 'listen' && parent === 'server') return listenEdits(directive, copying)
  if (name === 'server' && block === null && parent === 'upstream') return serverEdits(directive)
  if (/_pass$/.test(name)) return passEdits(directive, copying.upstreams)
  if (name === 'resolver') return word(directive, 1, '127.0.0.1')
  if (name === 'set_real_ip_from' && !/[:/]/.test(first) && !isAddress(first))
    return word(directive, 1, '127.0.0.1')
  return []
}

/**
 * Copies a configuration with its includes into a folder: sockets, logs, certificates and temporary
 * files are below it, host names are loopback addresses, and nothing is loaded or looked up. Lines keep
 * their numbers. Returns a sentence when it cannot be tested.
 */
export const copyBase = (
  { main, files: given }: ConfigFiles,
  build: NginxBuild,
  { folder, isRoot }: WrapOptions,
): BaseCopy | string => {
  const files = readNginxFiles(main, given)
  const statements = nginxStatements(files)
  const template = [...files.files].find(([, { isTemplate }]) => isTemplate)
  if (template !== undefined) return `${template[0]} is a template, which nginx cannot read`
  const code = statements.find(({ directive }) => runsCode.test(directive.name))
  if (code !== undefined)
    return `"${code.directive.name}" in ${code.path} would run code during the check`
  const names = new Map(
    [...files.files.keys()].map((path, index) => [path, `base/${index}.conf`] as const),
  )
  const sockets = new Map<string, string>()
  const notes = new Set<string>()
  const copying: Copying = {
    folder,
    notes,
    upstreams: new Set(
      statements
        .filter(({ directive }) => directive.name === 'upstream')
        .map(({ directive }) => (directive.args[0] ?? '').toLowerCase()),
    ),
    copyOf: (path) => `${folder}/${names.get(path) ?? 'none'}`,
    included: (path, directive) =>
      files.includes.get(path)?.find((one) => one.directive === directive)?.paths ?? null,
    socketOf: (address) => {
      const known = sockets.get(address) ?? `${folder}/l${sockets.size}`
      sockets.set(address, known)
      return known
    },
  }
  if (statements.some(({ directive }) => directive.name === 'load_module'))
    notes.add('load_module was left out')
  const isWhole = statements.some(
    ({ directive: { name }, within }) => within.length === 0 && /^(?:http|events)$/.test(name),
  )
  const set = new Set(statements.map(({ directive }) => directive.name))
  const temporary = build.tempPaths
    .filter((name) => !set.has(name))
    .map((name) => `${name} ${quoted(`${folder}/${name}`)};`)
    .join(' ')
  const texts = [...files.files].map(([path, { text, directives }]) => {
    const edits = allDirectives(directives).flatMap(({ directive, within }) => {
      const own = editsOf(path, directive, within, copying)
      const { block, name } = directive
      if (block === null) return own
      const listens = statements.some(
        (one) => one.within.at(-1) === directive && one.directive.name === 'listen',
      )
      const isSite = name === 'server' && within.at(-1)?.name !== 'upstream' && !listens
      const inside = isSite
        ? ` listen ${quoted(`unix:${copying.socketOf('*:80')}`)};`
        : name === 'http' && within.length === 0
          ? ` access_log off; ${temporary}`
          : ''
      return [...own, { start: block.start, end: block.start, text: inside }]
    })
    return { path: names.get(path) ?? '', content: editText(text, edits) }
  })
  const head = [
    ...['daemon off;', 'master_process off;', `pid ${quoted(`${folder}/nginx.pid`)};`],
    `lock_file ${quoted(`${folder}/nginx.lock`)};`,
    'error_log stderr notice;',
    ...(isRoot ? ['user root root;'] : []),
  ].join(' ')
  const first = names.get(files.main) ?? ''
  const wrapper = isWhole
    ? `${head}\ninclude ${quoted(`${folder}/${first}`)};\n`
    : `${head}\nevents { }\nhttp { access_log off; ${temporary}\ninclude ${quoted(`${folder}/${first}`)};\n}\n`
  return {
    main: 'nginx.conf',
    files: [
      ...texts,
      { path: 'pair.pem', content: throwawayPair },
      { path: 'nginx.conf', content: wrapper },
    ],
    paths: new Map([...names].map(([path, name]) => [`${folder}/${name}`, path])),
    replacements: [
      ...[...sockets].map(([original, relocated]) => ({
        relocated: `unix:${relocated}`,
        original,
      })),
      ...[...names].map(([original, name]) => ({ relocated: `${folder}/${name}`, original })),
    ],
    notes: [...notes],
  }
}
