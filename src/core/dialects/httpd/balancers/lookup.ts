import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { isPool } from '../../../model/resolver.ts'
import { atLeast, type Version } from '../../../model/version.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

/** `addressttl` of BalancerMember; "2.4" alone is the newest release. */
const oldest = '2.4.59'

const hasAddressTtl = (version: Version): boolean =>
  version.text === '2.4' || atLeast(version, oldest)

/** As often as HAProxy by default. */
const seconds = 10

/** How the name of a member is looked up while httpd runs. */
export interface Lookup {
  /** Seconds; null: no `addressttl`. */
  readonly addressTtl: number | null
  /** A connection that is reused has the address of the first lookup. */
  readonly allowsReuse: boolean
}

export const lookupOf = ({ resolves }: Server, { version }: Context): Lookup => {
  if (!resolves) return { addressTtl: null, allowsReuse: true }
  return hasAddressTtl(version)
    ? { addressTtl: seconds, allowsReuse: true }
    : { addressTtl: null, allowsReuse: false }
}

/** httpd connects to the first address of a name that answers, and all have one route. */
const notePool = (server: Server, { affinity }: Upstream, { findings }: Context): void => {
  const at = [...server.path, 'resolve']
  if (affinity.method === 'sticky' && affinity.by === 'cookie') {
    report(
      findings,
      'httpd-resolve-route',
      atValue(at),
      `all addresses of "${server.name}" would have the route "${server.route}" in httpd: a session would be sent to any of them`,
      'write one server for each address, or maxAddresses: 1 if the name has one address at a time',
    )
    return
  }
  notFollowed(
    findings,
    at,
    'httpd',
    `it looks up the name, and uses one of the addresses at a time`,
    'write one server for each address, or maxAddresses: 1 if the name has one address at a time',
  )
}

export const noteLookups = (upstream: Upstream, context: Context): void => {
  for (const server of upstream.servers) {
    if (isPool(server)) notePool(server, upstream, context)
  }
  const first = upstream.servers.find(({ resolves }) => resolves)
  if (first === undefined || hasAddressTtl(context.version)) return
  report(
    context.findings,
    'httpd-resolve',
    atValue([...first.path, 'resolve']),
    `httpd ${context.version.text} looks up the name of "${first.name}" for each connection: its connections are not reused`,
    `use httpd ${oldest} or later, which looks it up every ${seconds} s`,
  )
}
