import { type BaseFile, inBase } from '../dialects/tomcat/base-file.ts'
import { classOf, effectiveChild } from '../dialects/tomcat/edit/match.ts'
import { attributeValue, type XmlElement } from '../dialects/tomcat/xml/document.ts'
import { todo, type Values } from './draft.ts'

/** Where sessions are, as the spec says it. */
export interface ImportedStore {
  readonly sessions: Values
  /** The entry of `stores` that it uses; null: none. */
  readonly store: Values | null
  /** What a person has to add to the entry. */
  readonly remark: string | null
}

/** The file with the element that keeps the sessions, and its words in messages. */
export interface KeptStore {
  readonly file: string
  readonly line: number | null
  readonly className: string
}

const name = 'sessions'

const defined = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const redisson = (manager: XmlElement): ImportedStore => {
  const attribute = (key: string): string | undefined => attributeValue(manager, key) ?? undefined
  return {
    sessions: defined({
      store: 'redisson',
      use: name,
      readMode: attribute('readMode'),
      updateMode: attribute('updateMode'),
      keyPrefix: attribute('keyPrefix') === '' ? undefined : attribute('keyPrefix'),
      broadcastSessionEvents: attribute('broadcastSessionEvents') === 'true' || undefined,
    }),
    store: { kind: 'redis', addresses: ['127.0.0.1:6379'] },
    remark: todo(
      `the mode and the addresses of Redis, and its password, as in ${attribute('configPath') ?? 'the configuration of Redisson'}`,
    ),
  }
}

/** `n1:10.0.0.31:11211,n2:10.0.0.32:11211`, or with one node only its address. */
const memcachedServers = (nodes: string): Values =>
  Object.fromEntries(
    nodes
      .split(/[\s,]+/)
      .filter((node) => node !== '')
      .map((node, index) => {
        const [id = '', ...rest] = node.split(':')
        return rest.length > 1 ? [id, rest.join(':')] : [`n${index + 1}`, node]
      }),
  )

const transcoders: readonly (readonly [string, RegExp])[] = [
  ['kryo', /kryo/i],
  ['javolution', /javolution/i],
  ['xstream', /xstream/i],
  ['flexjson', /json/i],
]

const memcached = (manager: XmlElement): ImportedStore | null => {
  const attribute = (key: string): string | null => attributeValue(manager, key)
  const nodes = attribute('memcachedNodes') ?? ''
  if (nodes === '' || /^rediss?:/.test(nodes)) return null
  const factory = attribute('transcoderFactoryClass') ?? ''
  const prefix = /^static:(.+)$/.exec(attribute('storageKeyPrefix') ?? '')?.[1]
  return {
    sessions: defined({
      store: 'memcached',
      use: name,
      sticky: attribute('sticky') === 'false' ? false : undefined,
      lockingMode:
        attribute('sticky') === 'false' ? (attribute('lockingMode') ?? undefined) : undefined,
      transcoder: transcoders.find(([, pattern]) => pattern.test(factory))?.[0],
      keyPrefix: prefix,
    }),
    store: { kind: 'memcached', servers: memcachedServers(nodes) },
    remark: null,
  }
}

const persistent = (manager: XmlElement, isShared: boolean): ImportedStore | null => {
  const store = effectiveChild(manager, 'Store')
  const className = store === null ? null : classOf(store)
  const shared = isShared ? { sharedBetweenServers: true } : {}
  const directory = store === null ? null : attributeValue(store, 'directory')
  if (className?.endsWith('.FileStore') === true && directory !== null)
    return { sessions: { store: 'file', directory, ...shared }, store: null, remark: null }
  const url = store === null ? null : attributeValue(store, 'connectionURL')
  const driver = store === null ? null : attributeValue(store, 'driverName')
  if (className?.endsWith('JDBCStore') !== true || url === null || driver === null) return null
  return {
    sessions: { store: 'jdbc', use: name, ...shared },
    store: { kind: 'jdbc', driver, url: url.replace(/[?;].*$/s, '') },
    remark: todo('the login name and the password of the database'),
  }
}

const usesPersistentValve = ({ children }: XmlElement): boolean =>
  children.some(
    (child) => child.name === 'Valve' && classOf(child)?.endsWith('.PersistentValve') === true,
  )

/** The Manager of a context file; null: it has none. */
export const managerIn = ({ document }: BaseFile): XmlElement | null =>
  effectiveChild(document.root, 'Manager')

/** The store of a Manager; null: the spec has no word for it. */
export const storeOfManager = (
  { document }: BaseFile,
  manager: XmlElement,
): ImportedStore | null => {
  const className = classOf(manager) ?? ''
  if (className.endsWith('.RedissonSessionManager')) return redisson(manager)
  if (className.endsWith('.MemcachedBackupSessionManager')) return memcached(manager)
  if (className.endsWith('.PersistentManager'))
    return persistent(manager, usesPersistentValve(document.root))
  if (className.endsWith('.StandardManager'))
    return { sessions: { store: 'local' }, store: null, remark: null }
  return null
}

const below = (element: XmlElement): readonly XmlElement[] => [
  element,
  ...element.children.flatMap(below),
]

/** The Cluster of a server.xml; null: it has none. */
export const clusterIn = ({ document }: BaseFile): XmlElement | null =>
  below(document.root).find(({ name: tag }) => tag === 'Cluster') ?? null

const memberships: readonly (readonly [string, RegExp])[] = [
  ['static-service', /StaticMembershipService$/],
  ['kubernetes', /CloudMembershipService$/],
  ['multicast', /McastService$/],
]

/** The store of a Cluster: replication. */
export const storeOfCluster = (cluster: XmlElement): ImportedStore => {
  const manager = effectiveChild(cluster, 'Manager')
  const channel = effectiveChild(cluster, 'Channel')
  const membership = channel === null ? null : effectiveChild(channel, 'Membership')
  const receiver = channel === null ? null : effectiveChild(channel, 'Receiver')
  const isBackup = manager !== null && classOf(manager)?.endsWith('.BackupManager') === true
  const className = membership === null ? 'McastService' : (classOf(membership) ?? '')
  const isStatic = below(cluster).some(
    (element) => classOf(element)?.endsWith('.StaticMembershipInterceptor') === true,
  )
  const provider =
    membership === null ? null : attributeValue(membership, 'membershipProviderClassName')
  const isDns = /CloudMembershipService$/.test(className) && /dns/i.test(provider ?? '')
  const found = isDns ? 'dns' : memberships.find(([, pattern]) => pattern.test(className))?.[0]
  const port = receiver === null ? null : attributeValue(receiver, 'port')
  return {
    sessions: defined({
      store: isBackup ? 'backup' : 'delta',
      membership: isStatic ? undefined : found,
      port: port !== null && /^\d{1,5}$/.test(port) ? Number(port) : undefined,
    }),
    store: null,
    remark: null,
  }
}

export const keptStore = (base: BaseFile, element: XmlElement): KeptStore => {
  const at = inBase(base, element.start)
  return {
    file: base.file,
    line: at.kind === 'file' ? at.line : null,
    className: classOf(element) ?? element.name,
  }
}
