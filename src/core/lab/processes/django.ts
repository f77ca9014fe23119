import type { Server } from '../../model/cluster.ts'
import type { Artifact } from '../../render/artifact.ts'
import type { TemporaryFile, Tool } from '../../validate/check.ts'
import type { LabProcess } from '../program.ts'

export interface DjangoParts {
  readonly server: Server
  readonly port: number
  readonly host: string
  /** A Python with Django. */
  readonly tool: Tool
  /** Of its upstream. */
  readonly artifacts: readonly Artifact[]
  /** Of the project. */
  readonly project: readonly TemporaryFile[]
  /** Absolute: one file for all servers of the upstream. */
  readonly database: string
  /** Creates the tables. */
  readonly isFirst: boolean
  readonly env: Readonly<Record<string, string>>
}

/** Django's development server, with the generated settings module. */
export const djangoProcess = (parts: DjangoParts): LabProcess => {
  const { server, port, host, tool, artifacts, project, database, isFirst } = parts
  const env = {
    DJANGO_SETTINGS_MODULE: 'project.settings',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    SESSCTL_SERVER: server.name,
    SESSCTL_DATABASE: database,
    ...parts.env,
  }
  const { program } = tool
  return {
    name: server.name,
    role: 'server',
    title: `Django ${tool.version}`,
    isStandIn: false,
    files: [
      ...project.map(({ path, content }) => ({ path: `project/${path}`, content })),
      ...artifacts.map(({ path, bytes }) => ({
        path: `project/${path.split('/').at(-1)}`,
        content: bytes,
      })),
    ],
    folders: [],
    links: {},
    preparations: isFirst
      ? [{ program, args: ['-m', 'django', 'migrate', '--verbosity=0'], env, input: null }]
      : [],
    command: {
      program,
      args: ['-m', 'django', 'runserver', '--noreload', '--skip-checks', `${host}:${port}`],
      env,
    },
    ready: { ports: [port], line: null, path: '/' },
    setup: [],
    stop: 'SIGTERM',
    warningPattern: /^Traceback /m,
    log: null,
  }
}
