import type { Tool } from '../../validate/check.ts'
import type { LabEnvironment } from '../environment.ts'
import type { LabProcess } from '../program.ts'

export const memcachedProcess = (
  tool: Tool,
  name: string,
  port: number,
  { host, isRoot }: LabEnvironment,
): LabProcess => ({
  name,
  role: 'store',
  title: `memcached ${tool.version}`,
  isStandIn: false,
  files: [],
  folders: [],
  links: {},
  preparations: [],
  command: {
    program: tool.program,
    args: [
      '-l',
      host,
      '-p',
      String(port),
      '-U',
      '0',
      '-m',
      '64',
      ...(isRoot ? ['-u', 'root'] : []),
    ],
    env: {},
  },
  ready: { ports: [port], line: null, path: null },
  setup: [],
  stop: 'SIGTERM',
  warningPattern: null,
  log: null,
})
