import type { RedisStore } from '../../model/store.ts'
import type { Tool } from '../../validate/check.ts'
import { type LabEnvironment, type PortAllocator, portIn } from '../environment.ts'
import type { LabProcess, SetupExchange } from '../program.ts'

interface Redis {
  readonly tool: Tool
  readonly store: RedisStore
  readonly environment: LabEnvironment
  readonly ports: PortAllocator
}

/** Redis Cluster divides its keys among so many slots. */
const slots = 16_384
const fewestMasters = 3

const processOf = (
  { tool, environment: { host } }: Redis,
  name: string,
  port: number,
  config: readonly string[],
  more: { readonly args?: readonly string[]; readonly after?: readonly SetupExchange[] } = {},
): LabProcess => {
  const lines = [`port ${port}`, `bind ${host}`, 'protected-mode no', 'daemonize no', 'dir .']
  return {
    name,
    role: 'store',
    title: `Redis ${tool.version}${more.args === undefined ? '' : ' Sentinel'}`,
    isStandIn: false,
    files: [{ path: 'redis.conf', content: `${[...lines, ...config].join('\n')}\n` }],
    folders: [],
    links: {},
    preparations: [],
    command: { program: tool.program, args: ['redis.conf', ...(more.args ?? [])], env: {} },
    ready: { ports: [port], line: null, path: null },
    setup: more.after ?? [],
    stop: 'SIGTERM',
    warningPattern: null,
    log: null,
  }
}

/** A named user, a password without a user, or no authentication. */
const accessLines = ({ username, password }: RedisStore, secret: string): readonly string[] => {
  if (password === null) return []
  if (username === null) return [`requirepass ${secret}`, `masterauth ${secret}`]
  return [`user ${username} on >${secret} ~* &* +@all`, 'user default off']
}

/** Redis accepts inline commands. */
const login = ({ username, password }: RedisStore, secret: string): string =>
  password === null ? '' : `AUTH ${username === null ? '' : `${username} `}${secret}\r\n`

const sentinels = (redis: Redis): readonly LabProcess[] => {
  const { store, environment, ports } = redis
  const { name, username, password } = store
  const masterPort = ports.next(1, `${name} master`)
  const master = store.master ?? 'mymaster'
  const quorum = Math.floor(store.addresses.length / 2) + 1
  const config = [
    `sentinel monitor ${master} ${environment.host} ${masterPort} ${quorum}`,
    `sentinel announce-ip ${environment.host}`,
    `sentinel down-after-milliseconds ${master} 2000`,
    ...(password === null ? [] : [`sentinel auth-pass ${master} ${environment.password}`]),
    ...(password === null || username === null ? [] : [`sentinel auth-user ${master} ${username}`]),
  ]
  return [
    processOf(redis, `${name}-master`, masterPort, accessLines(store, environment.password)),
    ...store.addresses.map((address, index) =>
      processOf(redis, `${name}-sentinel${index + 1}`, portIn(address), config, {
        args: ['--sentinel'],
      }),
    ),
  ]
}

/** Masters that share the slots; after the start of the last one, all of them are introduced to each other. */
const clusterNodes = (redis: Redis): readonly LabProcess[] => {
  const { store, environment, ports } = redis
  const given = store.addresses.map((address) => portIn(address))
  const missing = Math.max(0, fewestMasters - given.length)
  const first = ports.next(missing, `${store.name} masters`)
  const all = [...given, ...Array.from({ length: missing }, (_, index) => first + index)]
  const nodes = all.map((port) => ({ port, bus: ports.next(1, `${store.name} bus ${port}`) }))
  const share = Math.ceil(slots / nodes.length)
  const hello = login(store, environment.password)
  const ok = /\+OK\r\n(?:\+OK\r\n)*$|already busy/
  const talks = nodes.flatMap(({ port }, index): readonly SetupExchange[] => {
    const last = Math.min(slots, (index + 1) * share) - 1
    const meet = nodes
      .filter((node) => node.port !== port)
      .map((node) => `CLUSTER MEET ${environment.host} ${node.port} ${node.bus}\r\n`)
    const slotsOf = `CLUSTER ADDSLOTSRANGE ${index * share} ${last}\r\n`
    return [{ port, text: `${hello}${slotsOf}${meet.join('')}QUIT\r\n`, expected: ok }]
  })
  const known = nodes.map(({ port }) => ({
    port,
    text: `${hello}CLUSTER INFO\r\nQUIT\r\n`,
    expected: new RegExp(`cluster_state:ok[^]*cluster_size:${nodes.length}\\b`),
  }))
  return nodes.map(({ port, bus }, index) =>
    processOf(
      redis,
      `${store.name}-node${index + 1}`,
      port,
      [
        ...accessLines(store, environment.password),
        'cluster-enabled yes',
        // Connections within 127/8 come from 127.0.0.1.
        `cluster-announce-ip ${environment.host}`,
        `cluster-port ${bus}`,
        'cluster-config-file nodes.conf',
      ],
      index === nodes.length - 1 ? { after: [...talks, ...known] } : {},
    ),
  )
}

/** The processes of a Redis store, in the order of their start. */
export const redisProcesses = (redis: Redis): readonly LabProcess[] => {
  const { store, environment } = redis
  if (store.mode === 'sentinel') return sentinels(redis)
  if (store.mode === 'cluster') return clusterNodes(redis)
  const [address] = store.addresses
  if (address === undefined) return []
  return [processOf(redis, store.name, portIn(address), accessLines(store, environment.password))]
}
