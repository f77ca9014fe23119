import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../real/support/free-port.ts'
import { type Command, type RunningServer, startServer } from '../../real/support/process.ts'
import { tempDir } from '../../real/support/temp-dir.ts'
import { type Ask, type Raw, send } from './ask.ts'
import { failOnComplaints } from './complaints.ts'
import { type Config, writeConfig } from './config.ts'
import { type Hosts, withHosts } from './hosts.ts'
import { commandOf, type Variant } from './over-variants.ts'
import type { Stub } from './stubs.ts'
import { until } from './until.ts'

export interface Answer extends Raw {
  /** The stub that answered; empty: none. */
  readonly by: string
  /** `$jvm_route`. */
  readonly route: string
  /** `$jvm_route_status`. */
  readonly verdict: string
  /** The stubs that were tried, in order. */
  readonly tried: readonly string[]
  /** Of the worker. */
  readonly pid: string
}

export interface Balancer {
  readonly port: number
  readonly server: RunningServer
  /** A request for an upstream: `/` of the host that has its name. */
  readonly ask: (upstream: string, ask?: Ask) => Promise<Answer>
  readonly access: () => readonly string[]
  /** Ids of the worker processes that serve, those started last at the end. */
  readonly workers: () => readonly number[]
  /** Resolves when new workers serve the configuration and the old ones take no connection. */
  readonly reload: (config?: Config) => Promise<void>
  /** Resolves when nginx has logged why it refuses this configuration, and keeps running. */
  readonly refuse: (config: Config) => Promise<void>
}

export interface Setup extends Config {
  readonly stubs?: readonly Stub[]
  /** Lines of the log that this test brings about, and that would be complaints elsewhere. */
  readonly expected?: RegExp
  readonly hosts?: Hosts
  /** A program that runs nginx, with its arguments. */
  readonly under?: Command
}

/** Starts nginx with these upstreams, each behind the host of its name. */
export const startBalancer = async (variant: Variant, setup: Setup): Promise<Balancer> => {
  const [dir, port] = [tempDir(), await freePort()]
  mkdirSync(join(dir, 'temp'), { recursive: true })
  const file = join(dir, 'nginx.conf')
  const write = (config: Config): void =>
    writeFileSync(file, writeConfig({ variant, dir, port }, config), config.encoding)
  write(setup)
  const nginx: Command = [...commandOf(variant), '-p', dir, '-c', file]
  const command: Command = setup.under ? [...setup.under, ...nginx] : nginx
  const launched = setup.hosts ? withHosts(command, setup.hosts, dir) : command
  const workerCount = setup.workers ?? 1
  const server = await startServer(launched, {
    cwd: dir,
    ports: [port],
    // It listens before it minds signals: a reload in between would end it.
    isReady: (output) => (output.match(/start worker process \d+/g)?.length ?? 0) >= workerCount,
    env: variant.env,
    deadline: 60_000,
  })
  failOnComplaints(server, setup.expected)

  const names = new Map((setup.stubs ?? []).map(({ name, address }) => [address, name]))
  const pids = (pattern: RegExp): readonly number[] =>
    [...server.output().matchAll(pattern)].map(([, pid]) => Number(pid))
  const living = (): readonly number[] => {
    const gone = new Set(pids(/worker process (\d+) exited/g))
    return pids(/start worker process (\d+)/g).filter((pid) => !gone.has(pid))
  }
  return {
    port,
    server,
    ask: async (upstream, ask) => {
      const raw = await send(port, upstream, ask)
      const { 'x-upstream': tried = '', 'x-served-by': by = '' } = raw.headers
      const header = (name: string): string => String(raw.headers[name] ?? '')
      return {
        ...raw,
        by: String(by),
        route: header('x-route'),
        verdict: header('x-route-status'),
        tried: addresses(String(tried))
          // If no server was left, nginx names the upstream.
          .filter((address) => address !== upstream)
          .map((address) => names.get(address) ?? address),
        pid: header('x-worker'),
      }
    },
    access: () => readFileSync(join(dir, 'access.log'), 'utf8').trimEnd().split('\n'),
    workers: () => living().slice(-workerCount),
    refuse: async (config) => {
      write(config)
      const since = outputOf(server)
      process.kill(server.pid, 'SIGHUP')
      await until('nginx refuses', () => since().includes('[emerg]'))
    },
    reload: async (config = setup) => {
      write(config)
      const since = outputOf(server)
      const count = (pattern: RegExp): number => since().match(pattern)?.length ?? 0
      let asked = Number.NEGATIVE_INFINITY
      await until(
        'nginx reloads',
        () => {
          // A lost signal is sent again; a master that hangs does not react to the second one either.
          const isDue = !since().includes('SIGHUP') && performance.now() - asked > 5_000
          if (isDue) {
            process.kill(server.pid, 'SIGHUP')
            asked = performance.now()
          }
          return (
            count(/start worker process \d+/g) >= workerCount &&
            count(/gracefully shutting down/g) >= workerCount
          )
        },
        30_000,
      )
    },
  }
}

/** What the server says from now on. */
const outputOf = (server: RunningServer): (() => string) => {
  const before = server.output().length
  return () => server.output().slice(before)
}

/** `$upstream_addr`: tries are separated by commas, internal redirections by colons. */
const addresses = (text: string): readonly string[] => (text === '' ? [] : text.split(/, | : /))
