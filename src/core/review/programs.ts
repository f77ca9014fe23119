import type { DialectName } from '../dialects/dialect.ts'
import type { Cluster, Server, Upstream } from '../model/cluster.ts'
import type { Target } from '../model/target.ts'
import type { Artifact } from '../render/artifact.ts'
import type { UpstreamPair } from './match.ts'
import type { ProxyName } from './review.ts'
import { isPair, type Pair, type ReviewSide } from './side.ts'

/** Which programs must read new files, and how. */
export interface Programs {
  /** Application servers that get other files or another release, as they are after the change. */
  readonly restarts: ReadonlySet<Server>
  /** Their names, in the order of the spec: `Tomcat app1`. */
  readonly restarted: readonly string[]
  /** Proxies that get other files. */
  readonly reloads: ReadonlySet<ProxyName>
  /** Proxies of another release, which a reload does not replace. */
  readonly replaced: ReadonlySet<ProxyName>
}

const titles = {
  nginx: 'nginx',
  haproxy: 'HAProxy',
  httpd: 'httpd',
  tomcat: 'Tomcat',
  spring: 'Spring Boot',
  php: 'PHP',
  django: 'Django',
} as const satisfies Readonly<Record<DialectName, string>>

export const titleOf = (name: DialectName): string => titles[name]

type Folders = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The texts of files by their folders, such as `tomcat/app1`, and their paths in them. */
const foldersOf = (artifacts: readonly Artifact[]): Folders => {
  const folders = new Map<string, Map<string, string>>()
  for (const { path, text } of artifacts) {
    const [dialect = '', name = '', ...rest] = path.split('/')
    const folder = `${dialect}/${name}`
    const files = folders.get(folder) ?? new Map<string, string>()
    files.set(rest.join('/'), text)
    folders.set(folder, files)
  }
  return folders
}

const noFiles: ReadonlyMap<string, string> = new Map()

const areSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([path, text]) => other.get(path) === text)

/** The folder with the files of a server; null: sessctl writes none. */
const folderOf = ({ app, name }: Upstream, server: Server): string | null => {
  if (app.runtime === 'none') return null
  return app.runtime === 'tomcat' ? `tomcat/${server.name}` : `${app.runtime}/${name}`
}

const isSameRelease = ({ before, after }: UpstreamPair): boolean =>
  before.app.runtime === 'none' ||
  after.app.runtime === 'none' ||
  before.app.version.text === after.app.version.text

const restartsIn = (
  pair: UpstreamPair,
  folders: Pair<Folders>,
): readonly (readonly [Server, string])[] => {
  const { before, after, servers } = pair
  if (after.app.runtime === 'none') return []
  const title = titles[after.app.runtime]
  return servers.filter(isPair).flatMap((server) => {
    const [old, now] = [folderOf(before, server.before), folderOf(after, server.after)]
    const files = {
      before: folders.before.get(old ?? '') ?? noFiles,
      after: folders.after.get(now ?? '') ?? noFiles,
    }
    if (isSameRelease(pair) && areSame(files.before, files.after)) return []
    const name = after.app.runtime === 'tomcat' ? server.after.name : `of ${after.name}`
    return [[server.after, `${title} ${name}`] as const]
  })
}

const isReleaseOf = (one: Target, other: Target): boolean =>
  one.version.text === other.version.text &&
  (one.dialect !== 'nginx' || other.dialect !== 'nginx' || one.flavor === other.flavor)

/** The target with the same product; null: it is new. */
export const sameTarget = (target: Target, { targets }: Cluster): Target | null =>
  targets.find(({ dialect }) => dialect === target.dialect) ?? null

const reloadsIn = ({ before, after }: Pair<ReviewSide>): ReadonlySet<ProxyName> => {
  const filesOf = ({ artifacts }: ReviewSide, dialect: ProxyName): ReadonlyMap<string, string> =>
    new Map(
      artifacts.flatMap((artifact) =>
        artifact.dialect === dialect ? [[artifact.path, artifact.text] as const] : [],
      ),
    )
  return new Set(
    after.cluster.targets
      .map(({ dialect }) => dialect)
      .filter((dialect) => !areSame(filesOf(before, dialect), filesOf(after, dialect))),
  )
}

/** Servers that are new are not in it: nobody uses them yet. */
export const programsOf = (sides: Pair<ReviewSide>, pairs: readonly UpstreamPair[]): Programs => {
  const folders = {
    before: foldersOf(sides.before.artifacts),
    after: foldersOf(sides.after.artifacts),
  }
  const found = pairs.flatMap((pair) => restartsIn(pair, folders))
  const { targets } = sides.after.cluster
  return {
    restarts: new Set(found.map(([server]) => server)),
    restarted: [...new Set(found.map(([, name]) => name))],
    reloads: reloadsIn(sides),
    replaced: new Set(
      targets.flatMap((target) => {
        const old = sameTarget(target, sides.before.cluster)
        return old === null || isReleaseOf(old, target) ? [] : [target.dialect]
      }),
    ),
  }
}
