import type { JdbcStore } from '../../model/store.ts'
import type { Tool } from '../../validate/check.ts'
import type { LabEnvironment } from '../environment.ts'
import { databaseOf } from '../jdbc-url.ts'
import type { Command, LabProcess } from '../program.ts'

/** Programs of one PostgreSQL. */
export interface PostgresTool extends Tool {
  readonly initdb: string
}

const superuser = 'lab'

/** PostgreSQL refuses to run as root: a user namespace gives it another user, and an IPC namespace frees its shared memory. */
const unprivileged = (isRoot: boolean, program: string, args: readonly string[]): Command =>
  isRoot
    ? {
        program: 'unshare',
        args: ['--user', '--ipc', '--map-user=1000', '--map-group=1000', '--', program, ...args],
        env: {},
      }
    : { program, args, env: {} }

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A new database with its tables. */
export const postgresProcess = (
  tool: PostgresTool,
  store: JdbcStore,
  port: number,
  tables: readonly string[],
  environment: LabEnvironment,
): LabProcess => {
  const { host, isRoot, password } = environment
  const user = store.username ?? superuser
  const database = databaseOf(store.url) ?? 'postgres'
  const made = database === 'postgres' ? '' : `create database ${quotedName(database)};\n\n`
  const data = `-D${environment.folder}/${store.name}/data`
  const initdb = [data, `-U${user}`, '--pwfile=password', '--no-sync', '--locale=C', '-EUTF8']
  const settings = [
    `listen_addresses=${host}`,
    'unix_socket_directories=',
    'fsync=off',
    'dynamic_shared_memory_type=mmap',
  ]
  const singleUser = (name: string, input: string) => ({
    // In single-user mode, an empty line ends a statement, and no login is required.
    ...unprivileged(isRoot, tool.program, ['--single', '-j', data, name]),
    input,
  })
  return {
    name: store.name,
    role: 'store',
    title: `PostgreSQL ${tool.version}`,
    isStandIn: false,
    files: [{ path: 'password', content: `${password}\n` }],
    folders: [],
    links: {},
    preparations: [
      { ...unprivileged(isRoot, tool.initdb, [...initdb, '-Ascram-sha-256']), input: null },
      ...(made === '' ? [] : [singleUser('postgres', made)]),
      ...tables.map((text) => singleUser(database, `${text}\n\n`)),
    ],
    command: unprivileged(isRoot, tool.program, [
      data,
      `-p${port}`,
      ...settings.flatMap((setting) => ['-c', setting]),
    ]),
    ready: { ports: [port], line: /ready to accept connections/, path: null },
    setup: [],
    stop: 'SIGQUIT',
    warningPattern: null,
    log: null,
  }
}
