import type { LabProcess } from '../../../src/core/lab/program.ts'

/** A server of the lab, which listens on one port and has one file. */
export const labProcess = (
  name: string,
  port: number,
  content: string | Uint8Array = '',
): LabProcess => ({
  name,
  role: 'server',
  title: 'Tomcat 9.0.122',
  isStandIn: false,
  files: [{ path: 'conf/server.xml', content }],
  folders: ['logs'],
  links: {},
  preparations: [],
  command: { program: '/bin/java', args: [], env: {} },
  ready: { ports: [port], line: null, path: null },
  setup: [],
  stop: 'SIGTERM',
  warningPattern: null,
  log: null,
})
