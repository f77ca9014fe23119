import type { Place } from '../../../diagnostics/diagnostic.ts'
import { type BaseFile, inBase } from '../../../dialects/tomcat/base-file.ts'
import { type Layer, layerOf } from '../../../dialects/tomcat/effective/layer.ts'
import { attributeOf, childrenOf, type XmlElement } from '../../../dialects/tomcat/xml/document.ts'

/** The XML files of Tomcats, by their root elements. */
export interface TomcatFiles {
  readonly servers: readonly BaseFile[]
  readonly contexts: readonly BaseFile[]
  readonly webApps: readonly BaseFile[]
}

const below = (element: XmlElement): readonly XmlElement[] => [
  element,
  ...element.children.flatMap(below),
]

export interface JvmRoute {
  readonly route: string
  readonly file: string
  readonly at: Place
}

/** The route of a server.xml, where it is written in full. */
export const jvmRoutesOf = (server: BaseFile): readonly JvmRoute[] =>
  below(server.document.root)
    .filter(({ name }) => name === 'Engine')
    .flatMap((engine) => {
      const attribute = attributeOf(engine, 'jvmRoute')
      if (attribute === null || /[${}<%]/.test(attribute.value)) return []
      const at = inBase(server, attribute.valueStart)
      return [{ route: attribute.value, file: server.file, at }]
    })

/** The connectors for HTTP. */
export const connectorsOf = ({ document }: BaseFile): readonly XmlElement[] =>
  below(document.root).filter(
    (element) =>
      element.name === 'Connector' && !/ajp/i.test(attributeOf(element, 'protocol')?.value ?? ''),
  )

/** The Contexts in a server.xml. */
export const inlineLayersOf = (server: BaseFile): readonly Layer[] =>
  below(server.document.root)
    .filter(({ name }) => name === 'Host')
    .flatMap((host) => childrenOf(host, 'Context'))
    .map((context) => layerOf(server, context))

const replicated = /\.(?:DeltaManager|BackupManager|SimpleTcpCluster)$/

/** Whether sessions are replicated according to a server.xml or context.xml. */
export const isReplicating = ({ document }: BaseFile): boolean =>
  below(document.root).some(
    (element) =>
      (element.name === 'Manager' || element.name === 'Cluster') &&
      replicated.test(attributeOf(element, 'className')?.value ?? ''),
  )
