import { report } from '../../codes.ts'
import type { NginxRule } from '../../rule.ts'
import {
  hasSeveralServers,
  inherited,
  type NginxNode,
  type NginxUpstream,
  placeOf,
} from '../view.ts'

/** The method that sends a client address to its server. */
const addressMethodOf = ({ node }: NginxUpstream): NginxNode | null => {
  const [ipHash] = node.named.get('ip_hash') ?? []
  const hashes = node.named.get('hash') ?? []
  const byAddress = hashes.find(({ args }) =>
    /^\$\{?(?:binary_)?remote_addr\}?$/.test(args[0] ?? ''),
  )
  return ipHash ?? byAddress ?? null
}

const serverOf = (node: NginxNode | null): NginxNode | null =>
  node === null || node.name === 'server' ? node : serverOf(node.parent)

const below = (node: NginxNode): readonly NginxNode[] => [node, ...node.children.flatMap(below)]

/** What of a server says that a proxy connects to it, not the clients. */
const proxyInFront = (server: NginxNode): string | null => {
  const listen = server.children.find(
    ({ name, args }) => name === 'listen' && args.includes('proxy_protocol'),
  )
  if (listen !== undefined) return 'it accepts the PROXY protocol'
  const reads = below(server).flatMap(({ args }) =>
    args.flatMap(
      (arg) => /\$\{?http_(x_forwarded_proto|cf_connecting_ip|true_client_ip)\b/.exec(arg) ?? [],
    ),
  )
  const [, header] = reads
  return header === undefined ? null : `it reads $http_${header}, which a proxy in front sets`
}

/** All clients of a proxy in front have its address. */
export const ipHashBehindProxy: NginxRule = (view, findings) => {
  const reasons = new Map<NginxNode, string | null>()
  for (const { node, upstream } of view.passes) {
    const method = addressMethodOf(upstream)
    const server = serverOf(node)
    if (method === null || server === null || !hasSeveralServers(upstream)) continue
    const known = reasons.get(server)
    const reason = known === undefined ? proxyInFront(server) : known
    reasons.set(server, reason)
    const trusted = inherited(node, 'set_real_ip_from')
    if (reason === null || trusted.nodes.length > 0 || trusted.isUncertain) continue
    report(
      findings,
      'ip-hash-shared-address',
      placeOf(method),
      `"${method.name}" sees the address of the proxy in front of server "${server.children.find(({ name }) => name === 'server_name')?.args[0] ?? ''}" (${reason}): all of its clients are sent to one server`,
      'add set_real_ip_from with the addresses of the proxy, and real_ip_header',
    )
  }
}

/** `allow 10.1.2.0/24; deny all;`: ip_hash sees one client. */
export const ipHashOneNetwork: NginxRule = (view, findings) => {
  for (const { node, upstream } of view.passes) {
    const method = addressMethodOf(upstream)
    if (method?.name !== 'ip_hash' || upstream.servers.length < 2) continue
    const [allow, deny] = [inherited(node, 'allow'), inherited(node, 'deny')]
    const networks = allow.nodes.map(
      ({ args }) => /^(\d+\.\d+\.\d+)\.\d+(?:\/(2[4-9]|3[0-2]))?$/.exec(args[0] ?? '')?.[1],
    )
    const [first] = networks
    const isClosed = deny.nodes.some(({ args }) => args[0] === 'all')
    if (first === undefined || !isClosed || networks.some((each) => each !== first)) continue
    report(
      findings,
      'ip-hash-one-network',
      placeOf(method),
      `only clients of ${first}.0/24 are allowed, and ip_hash sends all of them to one server`,
      'write hash $remote_addr consistent;',
    )
  }
}
