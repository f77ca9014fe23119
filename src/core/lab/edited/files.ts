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
import { portIn } from '../ground.ts'
import { appFolder } from '../processes/app-folder.ts'
import { labContextFile } from './context-file.ts'
import type { EditedDocument } from './noted.ts'
import { labServerFile } from './server-file.ts'
import { withoutDoctype } from './without-doctype.ts'

/** A cluster with the files that its Tomcats are rendered from. */
export interface Edited {
  readonly cluster: Cluster
  readonly inputs: Inputs
  /** What of the files is not in the lab; sentences without a full stop. */
  readonly notes: readonly string[]
}

const bytesOf = (document: XmlDocument): Uint8Array =>
  encodeText(withByteOrderMark(document, document.text), document.encoding)

interface Expanded {
  readonly inputs: Inputs
  readonly notes: readonly string[]
}

/** The files with their entities written out; one that cannot be read stays as it is. */
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
 * Gives the Tomcats of a cluster that was moved to a lab the existing files that the spec names, without
 * what would be felt outside of the lab.
 * @param spec the cluster before it was moved, whose ports and names choose what is edited.
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
      if (severity === 'error') said.add(`${name} has new files, not the edited ones: ${message}`)
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
