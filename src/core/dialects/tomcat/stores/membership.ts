import { createHash } from 'node:crypto'
import { isHostName } from '../../../model/ip.ts'
import type { Membership } from '../../../spec/schema/app.ts'
import { type XmlNode, xmlNode } from '../xml/write.ts'

/** One server of a Tomcat Cluster. */
export interface Member {
  readonly host: string
  /** For replication. */
  readonly port: number
  readonly uniqueId: string
}

export interface ClusterMembers {
  readonly membership: Membership
  readonly local: Member
  /** The other servers, in the order of the spec. */
  readonly remote: readonly Member[]
}

/** What a membership adds to the Channel. */
export interface MembershipParts {
  /** 3: without the membership service; 15: with it; null: the default. */
  readonly startOptions: string | null
  readonly membership: XmlNode | null
  /** Interceptors above and below TcpFailureDetector. */
  readonly above: readonly XmlNode[]
  readonly below: readonly XmlNode[]
  /** Of the Receiver; null: each pod uses its own. */
  readonly address: string | null
}

/**
 * The id of a cluster member: 16 signed bytes. It is derived from names, so that it does not change when
 * servers are added or removed.
 */
export const uniqueIdOf = (cluster: string, upstream: string, route: string): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([cluster, upstream, route]))
    .digest()
  return `{${[...digest.subarray(0, 16)].map((byte) => (byte > 127 ? byte - 256 : byte)).join(',')}}`
}

const tribes = 'org.apache.catalina.tribes'
const staticMember = `${tribes}.membership.StaticMember`

export const interceptor = (name: string, children: readonly XmlNode[] = []): XmlNode =>
  xmlNode('Interceptor', [['className', `${tribes}.group.interceptors.${name}`]], children)

const memberNode = ({ host, port, uniqueId }: Member): XmlNode =>
  xmlNode('Member', [
    ['className', staticMember],
    ['host', host],
    ['port', String(port)],
    ['uniqueId', uniqueId],
  ])

/** Only with start options 3 no multicast is sent. The interceptor must not be the first one. */
const staticInterceptor = ({ local, remote }: ClusterMembers): MembershipParts => {
  const localMember = xmlNode('LocalMember', [
    ['className', staticMember],
    ['uniqueId', local.uniqueId],
  ])
  return {
    startOptions: '3',
    membership: null,
    above: [interceptor('TcpPingInterceptor')],
    below: [interceptor('StaticMembershipInterceptor', [localMember, ...remote.map(memberNode)])],
    address: local.host,
  }
}

/** The service expects the local member among all members, and does not start with options 3. */
const staticService = ({ local, remote }: ClusterMembers): MembershipParts => ({
  startOptions: '15',
  membership: xmlNode(
    'Membership',
    [['className', `${tribes}.membership.StaticMembershipService`]],
    [local, ...remote].map(memberNode),
  ),
  above: [],
  below: [],
  address: local.host,
})

const multicast = ({ local }: ClusterMembers): MembershipParts => ({
  startOptions: null,
  membership: xmlNode(
    'Membership',
    [
      ['className', `${tribes}.membership.McastService`],
      ['address', '228.0.0.4'],
      ['port', '45564'],
      ['frequency', '500'],
      ['dropTime', '3000'],
      ['bind', isHostName(local.host) ? null : local.host],
    ],
    [],
    ['address', 'port', 'frequency', 'dropTime'],
  ),
  above: [],
  below: [],
  address: local.host,
})

const cloud = (provider: string): MembershipParts => ({
  startOptions: null,
  membership: xmlNode('Membership', [
    ['className', `${tribes}.membership.cloud.CloudMembershipService`],
    ['membershipProviderClassName', `${tribes}.membership.cloud.${provider}`],
  ]),
  above: [],
  below: [],
  address: null,
})

export const membershipParts = (members: ClusterMembers): MembershipParts => {
  switch (members.membership) {
    case 'static':
      return staticInterceptor(members)
    case 'static-service':
      return staticService(members)
    case 'multicast':
      return multicast(members)
    case 'dns':
      return cloud('DNSMembershipProvider')
    case 'kubernetes':
      return cloud('KubernetesMembershipProvider')
  }
}
