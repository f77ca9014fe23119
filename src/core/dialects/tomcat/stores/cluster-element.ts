import type { Affinity } from '../../../model/affinity.ts'
import type { Version } from '../../../model/version.ts'
import { lineOf } from '../release.ts'
import type { XmlNode } from '../xml/write.ts'
import { interceptor, type Meeting, meetingParts } from './membership.ts'
import { element } from './parts.ts'

const catalina = 'org.apache.catalina'

/** One regular expression over the whole path: requests for these change no session. */
const unchanging = String.raw`.*\.gif|.*\.js|.*\.jpe?g|.*\.png|.*\.css|.*\.ico|.*\.svg|.*\.woff2?`

const managers: Readonly<Record<'delta' | 'backup', XmlNode>> = {
  delta: element(
    'Manager',
    [
      ['className', `${catalina}.ha.session.DeltaManager`],
      ['expireSessionsOnShutdown', 'false'],
      ['notifyListenersOnReplication', 'true'],
    ],
    [],
    ['expireSessionsOnShutdown', 'notifyListenersOnReplication'],
  ),
  backup: element(
    'Manager',
    [
      ['className', `${catalina}.ha.session.BackupManager`],
      ['notifyListenersOnReplication', 'true'],
      ['mapSendOptions', '6'],
    ],
    [],
    ['notifyListenersOnReplication', 'mapSendOptions'],
  ),
}

const sender = element(
  'Sender',
  [['className', `${catalina}.tribes.transport.ReplicationTransmitter`]],
  [element('Transport', [['className', `${catalina}.tribes.transport.nio.PooledParallelSender`]])],
)

const listener = (name: string): XmlNode =>
  element('ClusterListener', [['className', `${catalina}.ha.session.${name}`]])

/** The algorithm is always named: its default changed within the lines. */
const encryption = (key: string): XmlNode =>
  element('Interceptor', [
    ['className', `${catalina}.tribes.group.interceptors.EncryptInterceptor`],
    ['encryptionAlgorithm', 'AES/GCM/NoPadding'],
    ['encryptionKey', key],
  ])

/** Above TcpFailureDetector, or the channel refuses to start; pings above both. */
const channel = (version: Version, meeting: Meeting, key: string | null): XmlNode => {
  const { membership, above, below, address } = meetingParts(meeting)
  const dispatch =
    lineOf(version) === '7.0' ? 'MessageDispatch15Interceptor' : 'MessageDispatchInterceptor'
  const receiver = element(
    'Receiver',
    [
      ['className', `${catalina}.tribes.transport.nio.NioReceiver`],
      ['address', address],
      ['port', String(meeting.self.port)],
      // Members are looked for at this port, and at no other.
      ['autoBind', '1'],
      ['maxThreads', '6'],
      ['selectorTimeout', '5000'],
    ],
    [],
    ['maxThreads', 'selectorTimeout'],
  )
  return element(
    'Channel',
    [['className', `${catalina}.tribes.group.GroupChannel`]],
    [
      ...(membership === null ? [] : [membership]),
      receiver,
      sender,
      interceptor(dispatch),
      ...above,
      ...(key === null ? [] : [encryption(key)]),
      interceptor('TcpFailureDetector'),
      ...below,
    ],
  )
}

/** 6: wait for the others, when the next request may reach one of them; 8: send in the background. */
const sendOptions = ({ method }: Affinity): string => (method === 'none' ? '6' : '8')

/** Whatever is left out here Tomcat leaves out as well, once one of its kind is named. */
export const clusterElement = (
  version: Version,
  store: 'delta' | 'backup',
  affinity: Affinity,
  meeting: Meeting,
  key: string | null,
): XmlNode =>
  element(
    'Cluster',
    [
      ['className', `${catalina}.ha.tcp.SimpleTcpCluster`],
      ['channelSendOptions', sendOptions(affinity)],
      ['channelStartOptions', meetingParts(meeting).startOptions],
    ],
    [
      managers[store],
      channel(version, meeting, key),
      element(
        'Valve',
        [
          ['className', `${catalina}.ha.tcp.ReplicationValve`],
          ['filter', unchanging],
        ],
        [],
        ['filter'],
      ),
      element('Valve', [
        ['className', `${catalina}.ha.session.JvmRouteBinderValve`],
        // Without affinity it would give the session a new id on every request.
        ['enabled', affinity.method === 'none' ? 'false' : null],
      ]),
      ...(lineOf(version) === '7.0' ? [listener('JvmRouteSessionIDBinderListener')] : []),
      listener('ClusterSessionListener'),
    ],
  )
