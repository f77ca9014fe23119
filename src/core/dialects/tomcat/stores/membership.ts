import { isHostName } from '../../../model/ip.ts'
import type { Membership } from '../../../model/sessions.ts'
import type { XmlNode } from '../xml/write.ts'
import { element } from './parts.ts'

/** One server of a cluster. */
export interface Member {
  readonly host: string
  /** For replication. */
  readonly port: number
  readonly uniqueId: string
}

/** How the members find each other. */
export interface Meeting {
  readonly membership: Membership
  readonly self: Member
  /** The others, in the order of the spec. */
  readonly peers: readonly Member[]
}

/** What a Channel holds beside receiver, sender and the common interceptors. */
export interface MeetingParts {
  /** 3: without multicast; 15: with the membership service; null: as it is. */
  readonly startOptions: string | null
  readonly membership: XmlNode | null
  /** Above the failure detector, and below it. */
  readonly above: readonly XmlNode[]
  readonly below: readonly XmlNode[]
  /** null: each pod takes its own. */
  readonly address: string | null
}

const tribes = 'org.apache.catalina.tribes'
const staticMember = `${tribes}.membership.StaticMember`

export const interceptor = (name: string, children: readonly XmlNode[] = []): XmlNode =>
  element('Interceptor', [['className', `${tribes}.group.interceptors.${name}`]], children)

const memberElement = ({ host, port, uniqueId }: Member): XmlNode =>
  element('Member', [
    ['className', staticMember],
    ['host', host],
    ['port', String(port)],
    ['uniqueId', uniqueId],
  ])

const localMember = ({ uniqueId }: Member): XmlNode =>
  element('LocalMember', [
    ['className', staticMember],
    ['uniqueId', uniqueId],
  ])

/** The static interceptor stays off multicast only with start options 3; it must not be the first. */
const byInterceptor = ({ self, peers }: Meeting): MeetingParts => ({
  startOptions: '3',
  membership: null,
  above: [interceptor('TcpPingInterceptor')],
  below: [
    interceptor('StaticMembershipInterceptor', [localMember(self), ...peers.map(memberElement)]),
  ],
  address: self.host,
})

/** The service finds itself among all members, and never starts with options 3. */
const byService = ({ self, peers }: Meeting): MeetingParts => ({
  startOptions: '15',
  membership: element(
    'Membership',
    [['className', `${tribes}.membership.StaticMembershipService`]],
    [self, ...peers].map(memberElement),
  ),
  above: [],
  below: [],
  address: self.host,
})

const byMulticast = ({ self }: Meeting): MeetingParts => ({
  startOptions: null,
  membership: element(
    'Membership',
    [
      ['className', `${tribes}.membership.McastService`],
      ['address', '228.0.0.4'],
      ['port', '45564'],
      ['frequency', '500'],
      ['dropTime', '3000'],
      ['bind', isHostName(self.host) ? null : self.host],
    ],
    [],
    ['address', 'port', 'frequency', 'dropTime'],
  ),
  above: [],
  below: [],
  address: self.host,
})

const byCloud = (provider: string): MeetingParts => ({
  startOptions: null,
  membership: element('Membership', [
    ['className', `${tribes}.membership.cloud.CloudMembershipService`],
    ['membershipProviderClassName', `${tribes}.membership.cloud.${provider}`],
  ]),
  above: [],
  below: [],
  address: null,
})

export const meetingParts = (meeting: Meeting): MeetingParts => {
  switch (meeting.membership) {
    case 'static':
      return byInterceptor(meeting)
    case 'static-service':
      return byService(meeting)
    case 'multicast':
      return byMulticast(meeting)
    case 'dns':
      return byCloud('DNSMembershipProvider')
    case 'kubernetes':
      return byCloud('KubernetesMembershipProvider')
  }
}
