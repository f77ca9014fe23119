import { withByteOrderMark } from '../../dialects/tomcat/xml/decode.ts'
import { attributeOf, childrenOf, type XmlDocument } from '../../dialects/tomcat/xml/document.ts'
import { parseXml } from '../../dialects/tomcat/xml/parse.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { Version } from '../../model/version.ts'
import type { Artifact } from '../../render/artifact.ts'
import { encodeText } from '../../render/encode-text.ts'
import type { Note, TemporaryFile } from '../check.ts'
import { isolateXml } from './isolate.ts'

/** The artifacts of one Tomcat: the files of its CATALINA_BASE. */
export interface TomcatFiles {
  /** Path of the base, such as `tomcat/tomcat01`. */
  readonly base: string
  /** The release that the spec names. */
  readonly version: Version
  readonly artifacts: readonly Artifact[]
}

const baseOf = (path: string): string => path.split('/').slice(0, 2).join('/')

const versionsOf = (cluster: Cluster): ReadonlyMap<string, Version> =>
  new Map(
    cluster.upstreams.flatMap(({ app, servers }) =>
      app.runtime === 'tomcat'
        ? servers.map(({ name }) => [`tomcat/${name}`, app.version] as const)
        : [],
    ),
  )

/** The Tomcats of the cluster that have artifacts, in the order of these. */
export const tomcatFiles = (
  cluster: Cluster,
  artifacts: readonly Artifact[],
): readonly TomcatFiles[] => {
  const versions = versionsOf(cluster)
  const byBase = new Map<string, Artifact[]>()
  for (const artifact of artifacts) {
    const base = baseOf(artifact.path)
    const known = byBase.get(base)
    if (known === undefined) byBase.set(base, [artifact])
    else known.push(artifact)
  }
  return [...byBase].flatMap(([base, files]) => {
    const version = versions.get(base)
    return version === undefined ? [] : [{ base, version, artifacts: files }]
  })
}

/** Homes are looked for by this: 9 for 9.0.122, 10 for 10.1.60. */
export const majorOf = ({ parts }: Version): number => parts[0]

/** One CATALINA_BASE as it is started for a check. */
export interface IsolatedBase {
  readonly files: TomcatFiles
  readonly isolated: readonly (TemporaryFile & { readonly text: string })[]
  /** The XML files as they will be written. */
  readonly documents: ReadonlyMap<string, XmlDocument>
  readonly notes: readonly Note[]
  /** The same for Tomcats that differ in nothing but their routes and ports. */
  readonly fingerprint: string
}

const withoutRoute = (document: XmlDocument, text: string): string => {
  const engines = childrenOf(document.root, 'Service').flatMap((service) =>
    childrenOf(service, 'Engine'),
  )
  const routes = new Set(engines.map((engine) => attributeOf(engine, 'jvmRoute')?.value ?? ''))
  return [...routes]
    .filter((route) => route !== '')
    .reduce(
      (shown, route) =>
        shown
          .replaceAll(`jvmRoute="${route}"`, 'jvmRoute')
          .replaceAll(`jvmRoute='${route}'`, 'jvmRoute'),
      text,
    )
}

/** Isolates the files of one Tomcat; a sentence when that cannot be done. */
export const isolateBase = (files: TomcatFiles, emptyFolder: string): IsolatedBase | string => {
  const documents = new Map<string, XmlDocument>()
  const notes: Note[] = []
  const isolated: (TemporaryFile & { readonly text: string })[] = []
  const fingerprint: string[] = [files.version.text]
  const isolateFile = ({ path, bytes }: Artifact): string | null => {
    const parsed = parseXml(bytes)
    if (!parsed.ok) return `${path}: ${parsed.problem.message}`
    const document = parsed.value
    const made = isolateXml(document, emptyFolder)
    if (typeof made === 'string') return `${path}: ${made}`
    const text = withByteOrderMark(document, made.text)
    documents.set(path, document)
    notes.push(...made.notes.map((note) => ({ path, text: note })))
    isolated.push({ path, text, content: encodeText(text, document.encoding) })
    fingerprint.push(path.slice(files.base.length), withoutRoute(document, made.text))
    return null
  }
  for (const artifact of files.artifacts) {
    if (artifact.path.endsWith('.xml')) {
      const problem = isolateFile(artifact)
      if (problem !== null) return problem
    } else {
      const { path, text, bytes } = artifact
      isolated.push({ path, text, content: bytes })
      fingerprint.push(path.slice(files.base.length), text)
    }
  }
  return { files, isolated, documents, notes, fingerprint: JSON.stringify(fingerprint) }
}
