import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { proposedRelease } from '../model/releases/index.ts'
import { routeFor } from '../model/route.ts'
import { appOf, type ImportedApp, type SessionForm } from './apps.ts'
import {
  type LeftOut,
  type ServerDraft,
  type SpecComment,
  type SpecDraft,
  todo,
  type UpstreamDraft,
  type Values,
} from './draft.ts'
import type { Matches } from './match.ts'
import { nameServers } from './names.ts'
import { contextOf, type ImportSettings, type ImportSource, isProxy } from './sources.ts'
import { nginxTarget, otherTarget } from './target.ts'
import type { TomcatFacts } from './tomcat.ts'

/** What was read from the files. */
export interface Read {
  readonly sources: readonly ImportSource[]
  readonly upstreams: readonly UpstreamDraft[]
  readonly matches: Matches
  /** Tomcat files that belong to no server. */
  readonly unmatched: readonly TomcatFacts[]
  /** What the spec does not have. */
  readonly leftOut: readonly LeftOut[]
}

/** A name as the spec allows it for a cluster. */
const clusterName = (name: string): string => {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
  return plain === '' ? 'imported' : plain
}

const missingFile = todo(
  'no server.xml was given for this server, so generate writes a new one; name its file: tomcat: { base: PATH }',
)

class Comments {
  readonly all: SpecComment[] = []

  above(path: SpecPath, text: string): void {
    this.all.push({ path, text, place: 'above' })
  }

  beside(path: SpecPath, text: string): void {
    this.all.push({ path, text, place: 'beside' })
  }
}

const tomcatFiles = (facts: TomcatFacts, sources: readonly ImportSource[]): Values => {
  const context = contextOf(facts.source, sources)
  return {
    base: facts.source.file,
    ...(context === null ? {} : { contextBase: context.file }),
  }
}

const serverValue = (
  server: ServerDraft,
  name: string,
  { matches, sources }: Read,
): Values | string => {
  const facts = matches.get(server)
  const route = server.route ?? facts?.jvmRoute ?? null
  const values = {
    ...(route === null || route === routeFor(name) ? {} : { route }),
    ...server.values,
    ...(facts === undefined ? {} : { tomcat: tomcatFiles(facts, sources) }),
  }
  return Object.keys(values).length === 0 ? server.address : { address: server.address, ...values }
}

const describeTomcat = ({ source, jvmRoute, ports }: TomcatFacts): string => {
  const route = jvmRoute === null ? 'no jvmRoute' : `jvmRoute "${jvmRoute}"`
  const at = ports.length === 0 ? 'no port for HTTP' : `port ${ports.join(', ')}`
  return `${source.file} (${route}, ${at})`
}

const describeLeftOut = ({ at, help, message, upstream }: LeftOut): string => {
  const place = at.kind === 'file' ? `${at.file}, line ${at.line ?? '?'}` : 'the file'
  if (help !== null) return `Not in the spec (${place}): ${message}.`
  return upstream === null
    ? `No upstreams (${place}): ${message}.`
    : `Without "${upstream}" (${place}): ${message}.`
}

const addApp = (path: SpecPath, app: ImportedApp, comments: Comments): void => {
  comments.beside([...path, 'app', 'version'], app.versionRemark)
  for (const { text } of app.comments) comments.above([...path, 'app', 'sessions'], text)
}

const proxyTarget = (read: Read, settings: ImportSettings, comments: Comments): Values => {
  const source = read.sources.find(isProxy)
  const kind = source?.kind ?? 'nginx'
  const path = ['targets', kind, 'version']
  if (source === undefined) {
    comments.beside(path, todo('the proxy in front of the Tomcats, and its release'))
    return { nginx: { version: proposedRelease('nginx') } }
  }
  const needs = read.upstreams.map((upstream) => upstream.needs)
  const target =
    kind === 'nginx'
      ? nginxTarget(source.file, needs, settings.nginx)
      : otherTarget(kind, source.file, settings[kind])
  comments.beside(path, target.versionRemark)
  return { [kind]: target.values }
}

/** The spec of what was read. */
export const buildSpec = (read: Read, settings: ImportSettings, form: SessionForm): SpecDraft => {
  const { upstreams, matches, sources, unmatched } = read
  const comments = new Comments()
  const names = nameServers(
    upstreams.flatMap(({ servers }) => servers),
    matches,
  )
  const isWithTomcat = ({ servers }: UpstreamDraft): boolean =>
    servers.some((server) => matches.has(server))
  const several = upstreams.filter(isWithTomcat).length > 1
  const stores: Record<string, unknown> = {}
  const entries = upstreams.map((upstream): readonly [string, Values] => {
    const { name, values, servers, remarks } = upstream
    const path = ['upstreams', name]
    for (const remark of remarks) comments.above(path, remark)
    const tomcats = servers.flatMap((server) => matches.get(server) ?? [])
    const storeName = several ? `${name}-sessions` : 'sessions'
    const app = tomcats.length === 0 ? null : appOf(tomcats, sources, form, storeName)
    const serverValues = Object.fromEntries(
      servers.map((server) => {
        const serverName = names.get(server) ?? 'server'
        if (app !== null && !matches.has(server))
          comments.above([...path, 'servers', serverName], missingFile)
        return [serverName, serverValue(server, serverName, read)]
      }),
    )
    if (app !== null) addApp(path, app, comments)
    if (app !== null && app.store !== null) {
      stores[storeName] = app.store
      if (app.storeRemark !== null) comments.above(['stores', storeName], app.storeRemark)
    }
    const appValues = app === null ? {} : { app: app.values }
    return [name, { ...values, servers: serverValues, ...appValues }]
  })
  const [first] = upstreams
  for (const facts of unmatched) {
    const text = `${describeTomcat(facts)} belongs to none of these servers; write tomcat: { base: ${facts.source.file} } at its server`
    if (first !== undefined) comments.above(['upstreams', first.name, 'servers'], todo(text))
  }
  const targets = proxyTarget(read, settings, comments)
  for (const each of read.leftOut) comments.above(['upstreams'], describeLeftOut(each))
  return {
    values: {
      version: 1,
      name: settings.name ?? clusterName(first?.name ?? ''),
      targets,
      upstreams: Object.fromEntries(entries),
      ...(Object.keys(stores).length === 0 ? {} : { stores }),
    },
    comments: comments.all,
  }
}
