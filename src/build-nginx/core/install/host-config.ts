import type { Directive } from './directives.ts'
import { belowPrefix, type Places } from './places.ts'

/** An address that nginx serves HTTP at, as somebody on this host can ask it. */
export interface Address {
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly port: number
}

/** What an upgrade must know of the configuration. */
export interface HostConfig {
  /** Files of `load_module`, absolute. */
  readonly loaded: readonly string[]
  /** Absolute; null where the configuration says nothing. */
  readonly pid: string | null
  readonly isDaemon: boolean
  readonly addresses: readonly Address[]
  /** Whose rights the workers get; null: those that were compiled in. */
  readonly user: string | null
  /** Folders for temporary files and caches. As root, nginx gives them to the user of the workers. */
  readonly temporary: readonly string[]
}

const temporaryNames = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** The five of `configure --http-…-temp-path`; a configuration without `http` needs none. */
const temporaryOf = (
  directives: readonly Directive[],
  { temporary }: Places,
  prefix: string,
): readonly string[] => {
  if (!directives.some(({ name }) => name === 'http')) return []
  const written = directives.filter(({ name }) => /_(temp|cache)_path$/.test(name))
  const compiled = temporaryNames.flatMap((name, index) =>
    written.some((one) => one.name === `${name}_temp_path`) ? [] : (temporary[index] ?? []),
  )
  return [...written.map(({ args: [path = ''] }) => path), ...compiled].map((path) =>
    belowPrefix(prefix, path),
  )
}

const wildcards: Readonly<Record<string, string>> = {
  '*': '127.0.0.1',
  '0.0.0.0': '127.0.0.1',
  '[::]': '::1',
}

const addressOf = ({ args }: Directive): readonly Address[] => {
  const [where = '', ...words] = args
  if (where.startsWith('unix:') || words.some((word) => /^(proxy_protocol|quic|udp)$/.test(word)))
    return []
  const [, host = '*', port = '80'] =
    /^(\[[^\]]*\]|[^:]*[^:\d][^:]*|\d+\.\d+\.\d+\.\d+)?:?(\d+)?$/.exec(where) ?? []
  const address = wildcards[host] ?? host.replace(/^\[|\]$/g, '')
  return [{ scheme: words.includes('ssl') ? 'https' : 'http', address, port: Number(port) }]
}

const topLevel = (directives: readonly Directive[], name: string): readonly Directive[] =>
  directives.filter((one) => one.name === name && one.within.length === 0)

/** Files that are included are shown apart from the blocks they stand in: often `server` is all. */
const isHttp = (within: readonly string[]): boolean =>
  within.includes('server') && !within.includes('stream') && !within.includes('mail')

/** Plain HTTP first: nobody has to trust a certificate for it. */
const addressesOf = (directives: readonly Directive[]): readonly Address[] => {
  const found = directives
    .filter(({ name, within }) => name === 'listen' && isHttp(within))
    .flatMap(addressOf)
  return [...found].sort((a, b) => (a.scheme === b.scheme ? 0 : a.scheme === 'http' ? -1 : 1))
}

/**
 * @param prefix where relative paths of the configuration begin.
 * @param overriding directives of `-g`, which stand above those of the file.
 */
export const hostConfigOf = (
  directives: readonly Directive[],
  overriding: readonly Directive[],
  prefix: string,
  places: Places,
): HostConfig => {
  const all = [...directives, ...overriding]
  const lastOf = (name: string): string | null => topLevel(all, name).at(-1)?.args[0] ?? null
  const pid = lastOf('pid')
  return {
    loaded: topLevel(all, 'load_module').map(({ args: [file = ''] }) => belowPrefix(prefix, file)),
    pid: pid === null ? null : belowPrefix(prefix, pid),
    isDaemon: lastOf('daemon') !== 'off' && lastOf('master_process') !== 'off',
    addresses: addressesOf(directives),
    user: lastOf('user'),
    temporary: temporaryOf(directives, places, prefix),
  }
}
