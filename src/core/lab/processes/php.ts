import type { Server } from '../../model/cluster.ts'
import type { Artifact } from '../../render/artifact.ts'
import type { TemporaryFile, Tool } from '../../validate/check.ts'
import type { LabProcess } from '../program.ts'

export interface PhpParts {
  readonly server: Server
  readonly port: number
  readonly host: string
  readonly tool: Tool
  /** Extensions that its configuration does not load, dependencies first. */
  readonly extensions: readonly string[]
  /** Of its upstream. */
  readonly artifacts: readonly Artifact[]
  /** Of the application. */
  readonly pages: readonly TemporaryFile[]
  /** Absolute: of the process. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

/** PHP's built-in server, with the generated file in its scan folder. */
export const phpProcess = (parts: PhpParts): LabProcess => {
  const { server, port, host, tool, extensions, artifacts, pages, folder, env } = parts
  return {
    name: server.name,
    role: 'server',
    title: `PHP ${tool.version}`,
    isStandIn: false,
    files: [
      ...pages.map(({ path, content }) => ({ path: `www/${path}`, content })),
      ...artifacts.map(({ path, bytes }) => ({
        path: `ini/${path.split('/').at(-1)}`,
        content: bytes,
      })),
      {
        path: 'ini/10-lab.ini',
        // Before the generated file, which overrides it.
        content: [
          ...extensions.map((name) => `extension=${name}.so\n`),
          `session.save_path="${folder}/kept"\n`,
          // To the log only: a message in the body would look like a response of the application.
          'display_errors=0\n',
          'log_errors=1\n',
        ].join(''),
      },
    ],
    folders: ['kept'],
    links: {},
    preparations: [],
    command: {
      program: tool.program,
      args: ['-S', `${host}:${port}`, '-t', 'www', 'www/index.php'],
      env: {
        // The empty first part keeps the default folders.
        PHP_INI_SCAN_DIR: `:${folder}/ini`,
        PHP_CLI_SERVER_WORKERS: '4',
        SESSCTL_SERVER: server.name,
        ...env,
      },
    },
    ready: { ports: [port], line: null, path: '/' },
    setup: [],
    stop: 'SIGTERM',
    warningPattern: /PHP (?:Warning|Fatal error|Deprecated|Notice)|Unable to load/,
    log: null,
  }
}
