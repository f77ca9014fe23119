import { withByteOrderMark } from '../../dialects/tomcat/xml/decode.ts'
import { attributeOf, childrenOf, type XmlDocument } from '../../dialects/tomcat/xml/document.ts'
import { parseXml } from '../../dialects/tomcat/xml/parse.ts'
import type { Artifact } from '../../render/artifact.ts'
import { encodeText } from '../../render/encode-text.ts'
import type { StagedFile } from '../check.ts'
import type { Note } from '../planned.ts'
import type { TomcatFiles } from './bases.ts'
import { harmless } from './harmless.ts'

/** One CATALINA_BASE as it is started for a check. */
export interface StagedBase {
  readonly files: TomcatFiles
  readonly staged: readonly (StagedFile & { readonly text: string })[]
  /** The XML files as they will be written. */
  readonly documents: ReadonlyMap<string, XmlDocument>
  readonly notes: readonly Note[]
  /** The same for Tomcats that differ in nothing but their routes and ports. */
  readonly likeness: string
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

/** Makes the files of one Tomcat harmless; a sentence when that cannot be done. */
export const stageBase = (files: TomcatFiles, emptyFolder: string): StagedBase | string => {
  const documents = new Map<string, XmlDocument>()
  const notes: Note[] = []
  const staged: (StagedFile & { readonly text: string })[] = []
  const likeness: string[] = [files.version.text]
  const stageXml = ({ path, bytes }: Artifact): string | null => {
    const parsed = parseXml(bytes)
    if (!parsed.ok) return `${path}: ${parsed.problem.message}`
    const document = parsed.value
    const made = harmless(document, emptyFolder)
    if (typeof made === 'string') return `${path}: ${made}`
    const text = withByteOrderMark(document, made.text)
    documents.set(path, document)
    notes.push(...made.notes.map((note) => ({ path, text: note })))
    staged.push({ path, text, content: encodeText(text, document.encoding) })
    likeness.push(path.slice(files.base.length), withoutRoute(document, made.text))
    return null
  }
  for (const artifact of files.artifacts) {
    if (artifact.path.endsWith('.xml')) {
      const problem = stageXml(artifact)
      if (problem !== null) return problem
    } else {
      const { path, text, bytes } = artifact
      staged.push({ path, text, content: bytes })
      likeness.push(path.slice(files.base.length), text)
    }
  }
  return { files, staged, documents, notes, likeness: JSON.stringify(likeness) }
}
