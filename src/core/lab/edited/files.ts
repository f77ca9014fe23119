import { Findings } from '../../diagnostics/findings.ts'
import type { Input, Inputs } from '../../dialects/dialect.ts'
import { type Bases, basesOf, inputsOf, reportBases } from '../../dialects/tomcat/bases.ts'
import { type Instance, instancesOf } from '../../dialects/tomcat/instance.ts'
import { withByteOrderMark } from '../../dialects/tomcat/xml/decode.ts'
import type { XmlDocument } from '../../dialects/tomcat/xml/document.ts'
import { parseXml } from '../../dialects/tomcat/xml/parse.ts'
import { hasSessions } from '../../model/app.ts'
import type { Cluster } from '../../model/cluster.ts'
import { withUpstreams } from '../../model/with-upstreams.ts'
import { encodeText } from '../../render/encode-text.ts'
import { portIn } from '../environment.ts'
import { appFolder } from '../processes/tomcat.ts'
import type { EditedDocument } from './remove.ts'
import { withoutDoctype } from './remove.ts'
import { labContextFile, labServerFile } from './tomcat-files.ts'

/** A cluster with the existing files of its Tomcats. */
export interface Edited {
  readonly cluster: Cluster
  readonly inputs: Inputs
  /** Parts of the files that the lab does not use; sentences without a full stop. */
  readonly notes: readonly string[]
}

const bytesOf = (document: XmlDocument): Uint8Array =>
  encodeText(withByteOrderMark(document, document.text), document.encoding)

interface Expanded {
  readonly inputs: Inputs
  readonly notes: readonly string[]
}

/** Expands the entities of the files; an invalid file is unchanged. */
const expanded = (instances: readonly Instance[], inputs: Inputs): Expanded => {
  const made = new Map<string, Input>()
  const notes: string[] = []
  for (const { path } of inputsOf(instances)) {
    const bytes = inputs.get(path)
    if (made.has(path) || !(bytes instanceof Uint8Array)) continue
    const parsed = parseXml(bytes)
    const bare = parsed.ok ? withoutDoctype(parsed.value) : null
    made.set(path, bare === null ? bytes : bytesOf(bare.document))
    notes.push(...(bare?.notes ?? []).map((note) => `${path}: ${note}`))
  }
  return { inputs: made, notes }
}

type Key = 'base' | 'contextBase'

/** The files of one Tomcat for the lab. */
const filesOf = (
  instance: Instance,
  { server, context }: Bases,
  place: { readonly host: string; readonly port: number },
): readonly (readonly [key: Key, file: string, made: EditedDocument | string])[] => {
  const { version, context: path } = instance.app
  const lab = { ...place, version, appFolder: appFolder(path) }
  return [
    ...(server === null ? [] : [['base', server.file, labServerFile(server, lab)] as const]),
    ...(context === null
      ? []
      : [['contextBase', context.file, labContextFile(context.document)] as const]),
  ]
}

/**
 * Adds the existing files of the spec to a cluster that was moved to the lab, without the parts that
 * would reach outside of the lab.
 * @param spec the cluster before it was moved: its ports and names select what is edited.
 */
export const withEditedFiles = (
  spec: Cluster,
  moved: Cluster,
  given: Inputs,
  host: string,
): Edited => {
  const instances = instancesOf(spec).filter(({ app }) => hasSessions(app))
  const { inputs, notes } = expanded(instances, given)
  const said = new Set(notes)
  const files = new Map<string, Input>()
  const ports = new Map(
    moved.upstreams.flatMap(({ servers }) =>
      servers.map(({ name, address }) => [name, portIn(address)] as const),
    ),
  )
  for (const instance of instances) {
    const { name } = instance.server
    const findings = new Findings()
    reportBases([instance], inputs, findings)
    for (const { severity, message } of findings.all)
      if (severity === 'error')
        said.add(`server "${name}" uses new files instead of the existing ones: ${message}`)
    const place = { host, port: ports.get(name) ?? 0 }
    for (const [key, file, made] of filesOf(instance, basesOf(instance, inputs), place)) {
      if (typeof made === 'string') {
        said.add(`${file} is replaced by a new file: ${made}`)
        continue
      }
      files.set(`${key}/${name}`, bytesOf(made.document))
      for (const note of made.notes) said.add(`${file}: ${note}`)
    }
  }
  const keyOf = (key: Key, name: string): string | null =>
    files.has(`${key}/${name}`) ? `${key}/${name}` : null
  const cluster = withUpstreams(moved, (upstream) =>
    upstream.app.runtime === 'tomcat'
      ? {
          ...upstream,
          servers: upstream.servers.map((server) => ({
            ...server,
            tomcat: {
              ...server.tomcat,
              base: keyOf('base', server.name),
              contextBase: keyOf('contextBase', server.name),
            },
          })),
        }
      : upstream,
  )
  return { cluster: files.size === 0 ? moved : cluster, inputs: files, notes: [...said] }
}
