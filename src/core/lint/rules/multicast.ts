import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Address } from '../../model/address.ts'
import { contains, parseNetwork } from '../../model/network.ts'
import { isReplicated } from '../../model/sessions.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'
import { type TomcatUpstream, tomcatUpstreams } from '../tomcat-sessions.ts'

/** Names that only clouds and Kubernetes give. */
const carriesNone =
  /\.(?:svc|cluster\.local|compute\.internal|compute\.amazonaws\.com|internal\.cloudapp\.net|c\..*\.internal)$|\.svc\.|\.elb\.amazonaws\.com$/i

/** Docker's own bridge. */
const dockerBridge = parseNetwork('172.17.0.0/16')

const isOnBridge = (host: string): boolean => {
  const network = parseNetwork(host)
  return dockerBridge !== null && network !== null && contains(dockerBridge, network)
}

const hostOf = (address: Address): string => (address.kind === 'inet' ? (address.host ?? '') : '')

const usesMulticast = ({ app }: TomcatUpstream): boolean =>
  isReplicated(app.sessions) && app.sessions.membership === 'multicast'

const problemsOf = ({ app, servers }: TomcatUpstream): readonly Diagnostic[] => {
  const at = atValue([...app.sessions.path, 'membership'])
  const impossible = servers.find(({ address }) => {
    const host = hostOf(address)
    return carriesNone.test(host) || isOnBridge(host)
  })
  if (impossible !== undefined) {
    const host = hostOf(impossible.address)
    const message = `no multicast reaches ${host}, where "${impossible.name}" is`
    const help = 'write membership: static; in Kubernetes: kubernetes or dns'
    return [report('multicast-impossible', at, message, help)]
  }
  const message = 'servers that do not hear each other stay alone, and say nothing'
  const help = 'write membership: static, unless you have seen multicast arrive'
  return [report('multicast-silent', at, message, help)]
}

const sharedGroup = (upstreams: readonly TomcatUpstream[]): readonly Diagnostic[] => {
  const [first, ...others] = upstreams
  return others.map(({ app, name }) =>
    report(
      'multicast-shared',
      atValue([...app.sessions.path, 'membership']),
      `"${name}" and "${first?.name}" would be one cluster: both use the group 228.0.0.4`,
      'write membership: static for one of them',
    ),
  )
}

export const multicast: ListingRule = (cluster) => {
  const upstreams = tomcatUpstreams(cluster).filter(usesMulticast)
  return [...upstreams.flatMap(problemsOf), ...sharedGroup(upstreams)]
}
