import type { Place } from '../../../diagnostics/diagnostic.ts'
import { type BaseFile, inBase } from '../../../dialects/tomcat/base-file.ts'
import { attributeOf, childrenOf, type XmlElement } from '../../../dialects/tomcat/xml/document.ts'
import type { TomcatHost } from './hosts.ts'

/** An XML file of a Tomcat. */
export interface TomcatFile extends BaseFile {
  /** Complete. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** The XML files of Tomcats. */
export interface TomcatFiles {
  /** Every server.xml. */
  readonly servers: readonly TomcatFile[]
  /** The Hosts of all Tomcats, with the contexts that their files configure. */
  readonly hosts: readonly TomcatHost[]
}

const below = (element: XmlElement): readonly XmlElement[] => [
  element,
  ...element.children.flatMap(below),
]

/** The elements of a name in a file, with the root. */
export const elementsOf = ({ document }: BaseFile, name: string): readonly XmlElement[] =>
  below(document.root).filter((element) => element.name === name)

/** Whether a value is written in full, without a property of Java or a placeholder of a template. */
export const isLiteral = (value: string): boolean => !/[${}<%]/.test(value)

export interface JvmRoute {
  readonly route: string
  readonly file: string
  readonly at: Place
}

/** The routes of a server.xml that are written in full. */
export const jvmRoutesOf = (server: BaseFile): readonly JvmRoute[] =>
  elementsOf(server, 'Engine').flatMap((engine) => {
    const attribute = attributeOf(engine, 'jvmRoute')
    if (attribute === null || !isLiteral(attribute.value)) return []
    const at = inBase(server, attribute.valueStart)
    return [{ route: attribute.value, file: server.file, at }]
  })

/** The connectors for HTTP. */
export const connectorsOf = (server: BaseFile): readonly XmlElement[] =>
  elementsOf(server, 'Connector').filter(
    (element) => !/ajp/i.test(attributeOf(element, 'protocol')?.value ?? ''),
  )

const replicated = /\.(?:DeltaManager|BackupManager|SimpleTcpCluster)$/

/** Whether a class replicates sessions between Tomcats. */
export const isReplicated = (className: string): boolean => replicated.test(className)

/** The Cluster elements of a Host, and of the Engine around it. */
export const clustersOf = ({ engine, host }: TomcatHost): readonly XmlElement[] =>
  [engine, host].flatMap((element) => (element === null ? [] : childrenOf(element, 'Cluster')))
