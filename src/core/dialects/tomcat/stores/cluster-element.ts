import type { Affinity } from '../../../model/affinity.ts'
import type { Version } from '../../../model/version.ts'
import { releaseLineOf } from '../release.ts'
import { type XmlNode, xmlNode } from '../xml/write.ts'
import { type ClusterMembers, interceptor, membershipParts } from './membership.ts'

const catalina = 'org.apache.catalina'

/** A regular expression for the whole path: requests for static files do not change a session. */
const staticFiles = String.raw`.*\.gif|.*\.js|.*\.jpe?g|.*\.png|.*\.css|.*\.ico|.*\.svg|.*\.woff2?`

const managers: Readonly<Record<'delta' | 'backup', XmlNode>> = {
  delta: xmlNode(
    'Manager',
    [
      ['className', `${catalina}.ha.session.DeltaManager`],
      ['expireSessionsOnShutdown', 'false'],
      ['notifyListenersOnReplication', 'true'],
    ],
    [],
    ['expireSessionsOnShutdown', 'notifyListenersOnReplication'],
  ),
  backup: xmlNode(
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

const sender = xmlNode(
  'Sender',
  [['className', `${catalina}.tribes.transport.ReplicationTransmitter`]],
  [xmlNode('Transport', [['className', `${catalina}.tribes.transport.nio.PooledParallelSender`]])],
)

const listener = (name: string): XmlNode =>
  xmlNode('ClusterListener', [['className', `${catalina}.ha.session.${name}`]])

/** The algorithm is always set: its default changed within the release lines. */
const encryption = (key: string): XmlNode =>
  xmlNode('Interceptor', [
    ['className', `${catalina}.tribes.group.interceptors.EncryptInterceptor`],
    ['encryptionAlgorithm', 'AES/GCM/NoPadding'],
    ['encryptionKey', key],
  ])

/**
 * EncryptInterceptor must be above TcpFailureDetector, else the Channel does not start; the interceptor
 * that pings must be above both.
 */
const channel = (version: Version, members: ClusterMembers, key: string | null): XmlNode => {
  const { membership, above, below, address } = membershipParts(members)
  const dispatch =
    releaseLineOf(version) === '7.0' ? 'MessageDispatch15Interceptor' : 'MessageDispatchInterceptor'
  const receiver: XmlNode = {
    ...xmlNode(
      'Receiver',
      [
        ['className', `${catalina}.tribes.transport.nio.NioReceiver`],
        ['address', address],
        ['port', String(members.local.port)],
        // The other members connect to this port only.
        ['autoBind', '1'],
        ['maxThreads', '6'],
        ['selectorTimeout', '5000'],
      ],
      [],
      ['maxThreads', 'selectorTimeout'],
    ),
    absent: address === null ? [['address', /^auto$|\$\{/]] : [],
  }
  return xmlNode(
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

/** 6: wait for the acknowledgement, since the next request may go to another server; 8: asynchronous. */
const sendOptions = ({ method }: Affinity): string => (method === 'none' ? '6' : '8')

/** Without affinity it would change the session id on every request. */
const binderValve = ({ method }: Affinity): XmlNode => ({
  ...xmlNode('Valve', [
    ['className', `${catalina}.ha.session.JvmRouteBinderValve`],
    ['enabled', method === 'none' ? 'false' : null],
  ]),
  absent: method === 'none' ? [] : [['enabled', /^true$/i]],
})

/** Complete: Tomcat adds no default Valve or ClusterListener once one of that kind is configured. */
export const clusterElement = (
  version: Version,
  store: 'delta' | 'backup',
  affinity: Affinity,
  members: ClusterMembers,
  key: string | null,
): XmlNode => {
  const { startOptions } = membershipParts(members)
  const cluster = xmlNode(
    'Cluster',
    [
      ['className', `${catalina}.ha.tcp.SimpleTcpCluster`],
      ['channelSendOptions', sendOptions(affinity)],
      ['channelStartOptions', startOptions],
    ],
    [
      managers[store],
      channel(version, members, key),
      xmlNode(
        'Valve',
        [
          ['className', `${catalina}.ha.tcp.ReplicationValve`],
          ['filter', staticFiles],
        ],
        [],
        ['filter'],
      ),
      binderValve(affinity),
      ...(releaseLineOf(version) === '7.0' ? [listener('JvmRouteSessionIDBinderListener')] : []),
      listener('ClusterSessionListener'),
    ],
  )
  return { ...cluster, absent: startOptions === null ? [['channelStartOptions', /^15$/]] : [] }
}
