import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { type Command, type RunningServer, run, startServer } from '../support/process.ts'
import type { Server } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { redisSays } from './redis-says.ts'
import { until } from './wait.ts'

/** A data store on a port of this machine. */
export interface RunningStore extends RunningServer {
  readonly port: number
}

const isRoot = process.getuid?.() === 0

const redisAt = async (
  { command }: Server,
  port: number,
  config: readonly string[],
): Promise<RunningStore> => {
  const dir = tempDir()
  const file = join(dir, 'redis.conf')
  const common = [`port ${port}`, 'bind 127.0.0.1', 'daemonize no', `dir ${dir}`]
  writeFileSync(file, [...common, ...config, ''].join('\n'))
  const running = await startServer([command, file], { cwd: dir, ports: [port] })
  return { ...running, port }
}

/** A Redis without persistence. */
export const startRedis = async (
  server: Server,
  config: readonly string[] = [],
): Promise<RunningStore> => redisAt(server, await freePort(), ['save ""', ...config])

/** A Redis that accepts only TLS connections. */
export const startRedisOverTls = async (
  server: Server,
  config: readonly string[],
): Promise<RunningStore> => {
  const port = await freePort()
  return redisAt(server, port, ['save ""', 'port 0', `tls-port ${port}`, ...config])
}

/** PostgreSQL does not start as root: it runs as another user in a user namespace. */
const asSomebody: readonly string[] = isRoot
  ? ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--']
  : []

const commandFor = (program: string, args: readonly string[]): Command => {
  const [first = program, ...rest] = [...asSomebody, program, ...args]
  return [first, ...rest]
}

export interface PostgresServers {
  readonly postgres: Server
  readonly initdb: Server
  readonly psql: Server
}

export interface RunningPostgres extends RunningStore {
  /** Runs statements in the database `sessions`. */
  readonly execute: (sql: string) => Promise<string>
}

/** A new cluster with the database `sessions` of the user `shop`, whose password is `s3cr3t`. */
export const startPostgres = async ({
  postgres,
  initdb,
  psql,
}: PostgresServers): Promise<RunningPostgres> => {
  const dir = tempDir()
  const data = join(dir, 'data')
  const passwordFile = join(dir, 'password')
  writeFileSync(passwordFile, 's3cr3t\n', { mode: 0o600 })
  const initArgs = [`-D${data}`, '-Ushop', '-Ascram-sha-256', `--pwfile=${passwordFile}`]
  const options = ['--no-sync', '--locale=C', '-EUTF8']
  const made = await run(commandFor(initdb.command, [...initArgs, ...options]), dir, 120_000)
  if (made.exitCode !== 0) throw new Error(`initdb: ${made.output}`)
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
  const args = [`-D${data}`, `-p${port}`, ...settings.flatMap((one) => ['-c', one])]
  const running = await startServer(commandFor(postgres.command, args), {
    cwd: dir,
    ports: [port],
    deadline: 90_000,
    isReady: (output) => output.includes('ready to accept connections'),
  })
  const ask = async (database: string, sql: string): Promise<string> => {
    const target = ['-h127.0.0.1', `-p${port}`, '-Ushop', `-d${database}`]
    const flags = ['-X', '-w', '-q', '-A', '-t', '-vON_ERROR_STOP=1', '-c', sql]
    const environment = { PGPASSWORD: 's3cr3t' }
    const done = await run([psql.command, ...target, ...flags], dir, 60_000, environment)
    if (done.exitCode !== 0) throw new Error(`psql: ${done.output}`)
    return done.output
  }
  await ask('postgres', 'create database sessions')
  return { ...running, port, execute: (sql) => ask('sessions', sql) }
}

/** The number of hash slots in a Redis Cluster. */
const slots = 16_384

export interface ClusterOptions {
  /** Lines for the redis.conf of every node. */
  readonly config?: readonly string[]
  /** Each node finally listens on a TLS port only. */
  readonly isTls?: boolean
  /** Commands to run on each node once the cluster is ready. */
  readonly last?: readonly string[]
}

/** Three masters, ready once each of them reports the state of the cluster as ok. */
export const startRedisCluster = async (
  server: Server,
  { config = [], isTls = false, last = [] }: ClusterOptions = {},
): Promise<readonly RunningStore[]> => {
  const nodes: { running: RunningStore; port: number; bus: number }[] = []
  for (let index = 0; index < 3; index += 1) {
    const [plain, bus] = [await freePort(), await freePort()]
    const port = isTls ? await freePort() : plain
    const overTls = isTls ? [`tls-port ${port}`, 'tls-cluster yes'] : []
    const own = ['save ""', 'cluster-enabled yes', `cluster-port ${bus}`, ...overTls, ...config]
    nodes.push({ running: await redisAt(server, plain, own), port, bus })
  }
  const [first] = nodes
  const share = Math.ceil(slots / nodes.length)
  for (const [index, { running, port, bus }] of nodes.entries()) {
    const end = Math.min(slots, (index + 1) * share) - 1
    await redisSays(running.port, `CLUSTER ADDSLOTSRANGE ${index * share} ${end}`)
    await redisSays(first?.running.port ?? 0, `CLUSTER MEET 127.0.0.1 ${port} ${bus}`)
  }
  for (const { running } of nodes) {
    await until('the cluster', async () =>
      (await redisSays(running.port, 'CLUSTER INFO')).includes('cluster_state:ok') ? true : null,
    )
  }
  const closing = [...(isTls ? ['CONFIG SET port 0'] : []), ...last]
  if (closing.length > 0)
    for (const { running } of nodes) await redisSays(running.port, closing.join('\r\n'))
  return nodes.map(({ running, port }) => ({ ...running, port }))
}
