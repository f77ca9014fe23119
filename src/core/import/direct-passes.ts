import type { NginxStatement } from '../config/nginx/files.ts'
import { shownWords } from '../diagnostics/source-lines.ts'
import type { Base } from '../dialects/nginx/base/open.ts'
import type { LeftOut } from './draft.ts'

/** The address that a directive passes requests to. */
interface Passed {
  /** `https://`, or empty. */
  readonly scheme: string
  readonly host: string
  /** With a colon, or empty. */
  readonly port: string
  /** What follows the address. */
  readonly uri: string
}

const passing = /^(?:proxy|fastcgi|uwsgi|scgi|grpc)_pass$/

const passedIn = ({ directive: { args, name } }: NginxStatement): Passed | null => {
  const [target = ''] = args
  // A variable, or a placeholder of a template, may name an upstream.
  if (!passing.test(name) || target === '' || /[${%<]/.test(target)) return null
  const [, scheme = '', rest = ''] = /^(\w+:\/\/)?(.*)$/s.exec(target) ?? []
  const [, socket, end = ''] = /^(unix:[^:]*)(?::(.*))?$/s.exec(rest) ?? []
  if (socket !== undefined) return { scheme, host: socket, port: '', uri: end }
  const [, host = '', port = '', uri = ''] = /^(\[[^\]]*\]|[^/:?]*)(:\d+)?(.*)$/s.exec(rest) ?? []
  return host === '' ? null : { scheme, host, port, uri }
}

/** The address in an upstream block, where the port is always that of HTTP if it is left out. */
const serverOf = ({ scheme, host, port }: Passed): string =>
  port === '' && /^(?:https|grpcs):/.test(scheme) ? `${host}:443` : `${host}${port}`

/** A name for the upstream: the first part of the name of its host, and a number if it is taken. */
const nameFor = ({ host }: Passed, taken: ReadonlySet<string>): string => {
  const [word = 'app'] = host.startsWith('unix:') ? [] : (/^[a-z][a-z0-9-]*/i.exec(host) ?? [])
  const first = word.toLowerCase()
  let name = first
  for (let number = 2; taken.has(name); number++) name = `${first}-${number}`
  return name
}

/** nginx sends the address in `Host` unless a directive of the location says otherwise. */
const hasOwnHost = (base: Base, { directive, within }: NginxStatement): boolean => {
  if (directive.name !== 'proxy_pass') return true
  for (const block of within.toReversed()) {
    const headers = base
      .childrenOf(block)
      .filter((one) => one.directive.name === 'proxy_set_header')
    if (headers.length > 0)
      return headers.some((one) => one.directive.args[0]?.toLowerCase() === 'host')
  }
  return false
}

const helpFor = (base: Base, statement: NginxStatement, passed: Passed, name: string): string => {
  const { scheme, host, port, uri } = passed
  const block = `upstream ${name} { server ${serverOf(passed)}; }`
  const pass = `${statement.directive.name} ${scheme}${name}${uri};`
  const isHost = !host.startsWith('unix:') && !hasOwnHost(base, statement)
  const header = isHost
    ? ` with "proxy_set_header Host ${host}${port};", as nginx sends it now`
    : ''
  return shownWords([
    `write "${block}" before the server block and "${pass}" here${header}, and import the file again`,
  ])
}

/** Addresses that requests are passed to without an upstream block, each once. */
export const directPasses = (base: Base): readonly LeftOut[] => {
  const found = new Map<string, LeftOut>()
  const names = new Set(base.upstreams.keys())
  for (const statement of base.statements) {
    const passed = passedIn(statement)
    if (passed === null || base.upstreams.has(passed.host.toLowerCase())) continue
    const { scheme, host, port } = passed
    const address = `${scheme}${host}${port}`.toLowerCase()
    if (found.has(address)) continue
    const name = nameFor(passed, names)
    names.add(name)
    const { directive, path } = statement
    found.set(address, {
      upstream: null,
      at: base.at(path, directive.start),
      message: `requests are passed to ${shownWords([address])}, which is not an upstream`,
      help: helpFor(base, statement, passed, name),
    })
  }
  return [...found.values()]
}
