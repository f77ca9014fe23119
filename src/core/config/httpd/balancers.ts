import {
  collectHost,
  type HttpdMember,
  type HttpdParameter,
  type OwnBalancer,
  type OwnHost,
} from './balancer-lines.ts'
import type { HttpdStatement } from './statements.ts'

/** A `BalancerMember` without effect. */
export interface HttpdIgnoredMember extends HttpdMember {
  /**
   * `repeated`: the balancer has a member with this URL, or with the beginning of it, already.
   * `main server`: the main server has a balancer of this name; its members are used in its place.
   */
  readonly reason: 'repeated' | 'main server'
}

/** A balancer as one virtual host uses it. */
export interface HttpdBalancer {
  /** `app` of `balancer://app`, in lower case. */
  readonly name: string
  readonly members: readonly HttpdMember[]
  readonly ignored: readonly HttpdIgnoredMember[]
  /** Of `ProxySet`, `<Proxy>` and `ProxyPass`; of several with one name, the one that applies. */
  readonly parameters: readonly HttpdParameter[]
  /** Those that another one of the same name replaces. */
  readonly replaced: readonly HttpdParameter[]
  /** The directives of this host that send requests to it: `ProxyPass`, `RewriteRule`, `SetHandler`, … */
  readonly uses: readonly HttpdStatement[]
}

/** The main server, or a virtual host. */
export interface HttpdHost {
  /** Null: the main server. */
  readonly statement: HttpdStatement | null
  readonly balancers: readonly HttpdBalancer[]
  /** The `BalancerPersist` of this host; that of the main server does not apply to virtual hosts. */
  readonly persist: HttpdStatement | null
}

/** Of several parameters with one name, the last one applies. */
const lastOfEach = (
  all: readonly HttpdParameter[],
): Pick<HttpdBalancer, 'parameters' | 'replaced'> => {
  const last = new Map(all.map((parameter) => [parameter.name, parameter]))
  return {
    parameters: [...last.values()],
    replaced: all.filter((parameter) => last.get(parameter.name) !== parameter),
  }
}

const effective = (name: string, own: OwnBalancer): HttpdBalancer => ({
  name,
  members: own.members,
  ignored: own.repeated.map((member) => ({ ...member, reason: 'repeated' })),
  ...lastOfEach(own.parameters),
  uses: own.uses,
})

/**
 * A balancer that a virtual host and the main server name, as httpd merges them: the members are those of
 * the main server, also where it has none; a parameter of the virtual host counts before one of the main
 * server, except for `lbmethod`, which a virtual host never inherits.
 */
const merged = (name: string, own: OwnBalancer, base: HttpdBalancer): HttpdBalancer => {
  // A RewriteRule sends requests to a balancer without naming it in the configuration of the host.
  if (!own.isDefined) return { ...base, uses: own.uses }
  const inherited = [...base.replaced, ...base.parameters].filter(({ name }) => name !== 'lbmethod')
  const dropped = [...own.members, ...own.repeated]
  return {
    name,
    members: base.members,
    ignored: [
      ...base.ignored,
      ...dropped.map((member) => ({ ...member, reason: 'main server' }) as const),
    ],
    ...lastOfEach([...inherited, ...own.parameters]),
    uses: own.uses,
  }
}

const isOff = (own: HttpdStatement | null, main: HttpdStatement | null): boolean =>
  /^off$/i.test((own ?? main)?.args[0] ?? '')

/** httpd 2.4 merges balancers if one of both settings is on, which they are by default. */
const inherits = (host: OwnHost, main: OwnHost): boolean =>
  !(isOff(host.inherit, main.inherit) && isOff(host.passInherit, main.passInherit))

/**
 * The balancers of the main server and of each virtual host, with the line of each member, parameter and
 * use. A virtual host inherits those of the main server, unless both `BalancerInherit` and
 * `ProxyPassInherit` are off.
 */
export const httpdHosts = (statements: readonly HttpdStatement[]): readonly HttpdHost[] => {
  const main = collectHost(statements)
  const bases = new Map([...main.balancers].map(([name, own]) => [name, effective(name, own)]))
  const hosts = main.hosts.map((statement): HttpdHost => {
    const host = collectHost(statement.children ?? [])
    const inherited = inherits(host, main) ? bases : new Map<string, HttpdBalancer>()
    const own = [...host.balancers].map(([name, balancer]) => {
      const base = inherited.get(name)
      return base === undefined ? effective(name, balancer) : merged(name, balancer, base)
    })
    const others = [...inherited.values()].filter(({ name }) => !host.balancers.has(name))
    const balancers = [...own, ...others.map((balancer) => ({ ...balancer, uses: [] }))]
    return { statement, balancers, persist: host.persist }
  })
  return [{ statement: null, balancers: [...bases.values()], persist: main.persist }, ...hosts]
}
