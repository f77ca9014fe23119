import type { Affinity } from '../../model/affinity.ts'
import type { App } from '../../model/app.ts'
import type { Server } from '../../model/cluster.ts'
import { keepsOwnSessions } from '../../model/own-sessions.ts'
import type { LabProcess } from '../program.ts'

export interface StandInParts {
  readonly server: Server
  readonly port: number
  readonly host: string
  readonly app: App
  readonly affinity: Affinity
  /** The name of its session cookie. */
  readonly cookie: string
  /** The path of Node.js. */
  readonly node: string
  /** The text of lab/session-server.mjs. */
  readonly script: string
  /** Absolute: of the sessions that all servers share. */
  readonly sharedFolder: string
}

/** Whether a server of this application continues the sessions of the others. */
const isShared = (app: App): boolean => app.runtime !== 'none' && !keepsOwnSessions(app)

export const runtimeOf = (app: App): string => {
  const names = { tomcat: 'Tomcat', spring: 'Spring Boot', php: 'PHP', django: 'Django' } as const
  return app.runtime === 'none' ? 'an application' : `${names[app.runtime]} ${app.version.text}`
}

/** The built-in session server that replaces a missing application server. */
export const standInProcess = (parts: StandInParts): LabProcess => {
  const { server, port, host, app, affinity } = parts
  // Other runtimes have no route in their session ids.
  const writesRoute = app.runtime === 'tomcat' || app.runtime === 'none'
  const routed = affinity.method === 'jvm_route' && writesRoute ? affinity : null
  // The server.xml of a Tomcat has a jvmRoute, whatever the proxy reads.
  const hasRoute = routed !== null || app.runtime === 'tomcat'
  const settings = {
    host,
    port,
    server: server.name,
    route: hasRoute ? server.route : null,
    reverse: routed?.reverse ?? true,
    cookie: parts.cookie,
    url: routed?.url ?? 'jsessionid',
    folder: isShared(app) ? parts.sharedFolder : null,
  }
  return {
    name: server.name,
    role: 'server',
    title: `built-in session server in place of ${runtimeOf(app)}`,
    isStandIn: true,
    isUpgradable: true,
    files: [{ path: 'session-server.mjs', content: parts.script }],
    folders: [],
    links: {},
    preparations: [],
    command: {
      program: parts.node,
      args: ['session-server.mjs', JSON.stringify(settings)],
      env: {},
    },
    ready: { ports: [port], line: null, path: '/' },
    setup: [],
    stop: 'SIGTERM',
    warningPattern: null,
    log: null,
  }
}
