import { hasSessions, storeOf } from '../model/app.ts'
import type { Server, Upstream } from '../model/cluster.ts'
import { isReplicated } from '../model/sessions.ts'
import type { Artifact } from '../render/artifact.ts'
import { type LabEnvironment, portIn } from './environment.ts'
import { djangoProcess } from './processes/django.ts'
import { phpProcess } from './processes/php.ts'
import { springLayout, springProcess } from './processes/spring.ts'
import { standInProcess } from './processes/stand-in.ts'
import { tomcatProcess } from './processes/tomcat.ts'
import type { LabProcess, ProcessFolder } from './program.ts'
import { sessionCookieIn } from './session-cookie.ts'
import type { LabApplications, LabTools } from './tools.ts'

interface Parts {
  readonly environment: LabEnvironment
  readonly tools: LabTools
  readonly applications: LabApplications
  /** All artifacts of the cluster. */
  readonly artifacts: readonly Artifact[]
  readonly env: Readonly<Record<string, string>>
}

/** The shared sessions of stand-ins, below the folder of the lab. */
export const sharedFolder = 'sessions/shared'

const withPeers = ({ app, servers }: Upstream, process: LabProcess): LabProcess =>
  app.runtime === 'tomcat' && isReplicated(app.sessions)
    ? { ...process, peers: servers.length - 1 }
    : process

const processOf = (upstream: Upstream, server: Server, index: number, parts: Parts): LabProcess => {
  const { environment, tools, applications, env } = parts
  const { folder, host } = environment
  const common = { server, port: portIn(server.address), host }
  const of = (dialect: string, owner: string): readonly Artifact[] =>
    parts.artifacts.filter(({ path }) => path.startsWith(`${dialect}/${owner}/`))
  // The applications of the lab have sessions.
  const app = hasSessions(upstream.app) ? tools.appOf(upstream) : null
  switch (app?.runtime) {
    case 'tomcat':
      return withPeers(
        upstream,
        tomcatProcess({
          ...common,
          ...app,
          folder,
          env,
          artifacts: of('tomcat', server.name),
          webapp: applications.tomcat,
          context: upstream.app.runtime === 'tomcat' ? upstream.app.context : null,
          sentCookie: upstream.app.runtime === 'tomcat' ? upstream.app.sentCookie : null,
        }),
      )
    case 'spring':
      return springProcess({
        ...common,
        ...app,
        folder,
        env,
        upstream: upstream.name,
        artifacts: of('spring', upstream.name),
        store: storeOf(upstream.app)?.kind === 'jdbc' ? 'jdbc' : 'redis',
      })
    case 'php':
      return phpProcess({
        ...common,
        env,
        tool: app.tool,
        extensions: app.tool.extensions,
        folder: `${folder}/${server.name}`,
        artifacts: of('php', upstream.name),
        pages: applications.php,
      })
    case 'django':
      return djangoProcess({
        ...common,
        env,
        tool: app.tool,
        artifacts: of('django', upstream.name),
        project: applications.django,
        database: `${folder}/${upstream.name}.sqlite3`,
        isFirst: index === 0,
      })
    case undefined:
      return standInProcess({
        ...common,
        app: upstream.app,
        affinity: upstream.affinity,
        cookie: sessionCookieIn(upstream),
        node: tools.node,
        script: applications.sessionServer,
        sharedFolder: `${folder}/${sharedFolder}`,
      })
  }
}

/** Folders that the servers of one upstream share. */
export const sharedFoldersOf = (
  upstreams: readonly Upstream[],
  { appOf }: LabTools,
  { spring }: LabApplications,
): readonly ProcessFolder[] =>
  upstreams.flatMap((upstream) => {
    const app = appOf(upstream)
    return app?.runtime === 'spring'
      ? [springLayout({ ...app, upstream: upstream.name }, spring)]
      : []
  })

/**
 * The application servers of a cluster. A server in several upstreams is started once. If two servers
 * have the same name, the name of the upstream is prepended.
 */
export const serverProcesses = (
  upstreams: readonly Upstream[],
  parts: Parts,
): readonly LabProcess[] => {
  const processes = new Map<number, LabProcess>()
  const names = new Set<string>()
  for (const upstream of upstreams)
    for (const [index, server] of upstream.servers.entries()) {
      const port = portIn(server.address)
      if (processes.has(port)) continue
      const process = processOf(upstream, server, index, parts)
      const name = names.has(server.name) ? `${upstream.name}-${server.name}` : server.name
      names.add(name)
      processes.set(port, { ...process, name })
    }
  return [...processes.values()]
}
