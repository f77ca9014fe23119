import type { HttpdStatement } from './statements.ts'

/** `NAME=value` of a balancer or of a member. */
export interface HttpdParameter {
  /** In lower case: httpd ignores the case. */
  readonly name: string
  readonly value: string
  readonly statement: HttpdStatement
  /** Its index among the arguments. */
  readonly argument: number
}

/** A `BalancerMember`. */
export interface HttpdMember {
  /** As it is written. */
  readonly url: string
  readonly parameters: readonly HttpdParameter[]
  readonly statement: HttpdStatement
}

/** What one host says of a balancer. */
export interface OwnBalancer {
  readonly members: HttpdMember[]
  /** Members that httpd takes for one of the others. */
  readonly repeated: HttpdMember[]
  readonly parameters: HttpdParameter[]
  readonly uses: HttpdStatement[]
  /** Whether the host has it in its configuration, and not only in a rule that is read per request. */
  isDefined: boolean
}

/** What the directives of one host say, without those of virtual hosts in it. */
export interface OwnHost {
  /** By names in lower case. */
  readonly balancers: ReadonlyMap<string, OwnBalancer>
  readonly hosts: readonly HttpdStatement[]
  readonly persist: HttpdStatement | null
  /** `BalancerInherit` and `ProxyPassInherit`. */
  readonly inherit: HttpdStatement | null
  readonly passInherit: HttpdStatement | null
}

/** `app` of `balancer://app/path`. */
const balancerOf = (url: string): string | null =>
  /^balancer:\/\/([^/?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? null

interface Words {
  readonly urls: readonly string[]
  readonly parameters: readonly HttpdParameter[]
}

/** A word with `=` is a parameter, another one is a URL or a flag. */
const wordsOf = (statement: HttpdStatement): Words => {
  const { args } = statement
  const parameters = args.flatMap((word, argument): readonly HttpdParameter[] => {
    const at = word.indexOf('=')
    if (at === -1) return []
    const [name, value] = [word.slice(0, at).toLowerCase(), word.slice(at + 1)]
    return [{ name, value, statement, argument }]
  })
  return { urls: args.filter((word) => !word.includes('=')), parameters }
}

const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
  ['ajp', '8009'],
])

/** Scheme, host and port in one form, and the path. */
const partsOf = (url: string): { readonly origin: string; readonly path: string } => {
  const [, scheme = '', host = url, path = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/i.exec(url) ?? []
  const [, name = host, port] = /^(.*):(\d+)$/.exec(host) ?? []
  const key = scheme.toLowerCase()
  const shown = port === undefined || port === defaultPorts.get(key) ? '' : `:${port}`
  return { origin: `${key}://${name.toLowerCase()}${shown}`, path: path.replace(/\/$/, '') }
}

/** The members of a balancer by their origins: the paths, and how long they are. */
type Known = Map<string, { readonly paths: Set<string>; readonly lengths: Set<number> }>

/** httpd takes a URL that begins with that of a member for this member. */
const isRepeated = (url: string, known: Known): boolean => {
  const { origin, path } = partsOf(url)
  const { lengths, paths } = known.get(origin) ?? { paths: new Set(), lengths: new Set() }
  if ([...lengths].some((length) => paths.has(path.slice(0, length)))) return true
  known.set(origin, { paths: paths.add(path), lengths: lengths.add(path.length) })
  return false
}

/** Whether the flags of a `RewriteRule` send the request to the URL. */
const isProxied = (flags: string): boolean =>
  flags
    .replace(/^\[|\]$/g, '')
    .split(',')
    .some((flag) => /^(?:P|proxy)$/i.test(flag.trim()))

/** Where a directive that only sends requests sends them. */
const targetOf = (statement: HttpdStatement): string | null => {
  const { args, name } = statement
  if (name === 'sethandler') return balancerOf((args[0] ?? '').replace(/^proxy:/i, ''))
  if (name === 'rewriterule' && isProxied(args[2] ?? '')) return balancerOf(args[1] ?? '')
  return null
}

/** Reads what the directives of a host say of balancers; sections in it belong to the host. */
export const collectHost = (statements: readonly HttpdStatement[]): OwnHost => {
  const balancers = new Map<string, OwnBalancer>()
  const members = new Map<string, Known>()
  const hosts: HttpdStatement[] = []
  let persist: HttpdStatement | null = null
  let inherit: HttpdStatement | null = null
  let passInherit: HttpdStatement | null = null

  const balancer = (name: string, isDefined: boolean): OwnBalancer => {
    const known = balancers.get(name) ?? {
      ...{ members: [], repeated: [], parameters: [], uses: [] },
      isDefined,
    }
    known.isDefined ||= isDefined
    balancers.set(name, known)
    return known
  }

  const addMember = (statement: HttpdStatement, section: string | null): void => {
    const { parameters, urls } = wordsOf(statement)
    const name = section ?? balancerOf(urls[0] ?? '')
    const url = urls[section === null ? 1 : 0]
    if (name === null || url === undefined) return
    const known: Known = members.get(name) ?? new Map()
    members.set(name, known)
    const own = balancer(name, true)
    const list = isRepeated(url, known) ? own.repeated : own.members
    list.push({ url, parameters, statement })
  }

  const setParameters = (statement: HttpdStatement, name: string | null): void => {
    if (name !== null) balancer(name, true).parameters.push(...wordsOf(statement).parameters)
  }

  /** @param section the balancer of the `<Proxy>` that the directive is in. */
  const read = (statement: HttpdStatement, section: string | null, isInLocation: boolean): void => {
    const { args, children, name } = statement
    if (name === 'virtualhost') hosts.push(statement)
    else if (children !== null) {
      const named = name === 'proxy' ? balancerOf(args[0] ?? '') : null
      setParameters(statement, named)
      const isLocation = isInLocation || /^location(?:match)?$/.test(name)
      for (const child of children) read(child, named ?? section, isLocation)
    } else if (name === 'balancermember') addMember(statement, section)
    else if (name === 'proxyset') setParameters(statement, section ?? balancerOf(args[0] ?? ''))
    else if (name === 'proxypass' || name === 'proxypassmatch') {
      const named = balancerOf(args[isInLocation ? 0 : 1] ?? '')
      setParameters(statement, named)
      if (named !== null) balancer(named, true).uses.push(statement)
    } else if (name === 'balancerpersist') persist = statement
    else if (name === 'balancerinherit') inherit = statement
    else if (name === 'proxypassinherit') passInherit = statement
    else {
      const named = targetOf(statement)
      if (named !== null) balancer(named, false).uses.push(statement)
    }
  }
  for (const statement of statements) read(statement, null, false)
  return { balancers, hosts, persist, inherit, passInherit }
}
