import type { BaseServer } from '../../dialects/tomcat/base-server.ts'
import { connectorAttributes } from '../../dialects/tomcat/server-view.ts'
import {
  attributeValue,
  childrenOf,
  type XmlDocument,
  type XmlElement,
} from '../../dialects/tomcat/xml/document.ts'
import {
  applied,
  insertChild,
  removeAttribute,
  type Splice,
  setAttribute,
} from '../../dialects/tomcat/xml/edit.ts'
import { reparse } from '../../dialects/tomcat/xml/parse.ts'
import type { Version } from '../../model/version.ts'
import { isolateXml } from '../../validate/tomcat/isolate.ts'
import { type EditedDocument, removeElements, withoutHostPlaces } from './remove.ts'

export interface LabServer {
  readonly version: Version
  readonly host: string
  readonly port: number
  /** The folder of the application, below webapps. */
  readonly appFolder: string
}

/** Elements that the balancer does not use are removed. */
const reasonAgainst =
  ({ service, connector, host }: BaseServer) =>
  (element: XmlElement): string | null => {
    switch (element.name) {
      case 'Service':
        return element === service ? null : 'the balancer does not connect to it'
      case 'Connector':
        return element === connector ? null : 'the balancer does not connect to it'
      case 'Host':
        return host === null || element === host ? null : 'the lab uses one host only'
      case 'SSLHostConfig':
        return 'the balancer connects without TLS'
      default:
        return null
    }
  }

const isOwnProtocol = (protocol: string): boolean =>
  protocol === 'HTTP/1.1' || protocol.startsWith('org.apache.')

const connectorSplices = (
  document: XmlDocument,
  service: XmlElement,
  { version, host, port }: LabServer,
): readonly Splice[] => {
  const [connector] = childrenOf(service, 'Connector')
  if (connector !== undefined) {
    const protocol = attributeValue(connector, 'protocol') ?? 'HTTP/1.1'
    return [
      ...setAttribute(document, connector, 'port', String(port)),
      ...setAttribute(document, connector, 'address', host),
      ...(isOwnProtocol(protocol) ? [] : setAttribute(document, connector, 'protocol', 'HTTP/1.1')),
    ]
  }
  const [engine] = childrenOf(service, 'Engine')
  if (engine === undefined) return []
  const attributes = [...connectorAttributes(version, port), ['address', host] as const]
  const node = { name: 'Connector', attributes, children: [] }
  return insertChild(document, service, node, { kind: 'before', sibling: engine })
}

const contextsIn = (element: XmlElement): readonly XmlElement[] =>
  element.children.flatMap((child) => (child.name === 'Context' ? [child] : contextsIn(child)))

/** The remaining host answers requests for all names. */
const hostSplices = (document: XmlDocument, service: XmlElement): readonly Splice[] =>
  childrenOf(service, 'Engine').flatMap((engine) => {
    const [host, other] = childrenOf(engine, 'Host')
    const name = host === undefined ? null : attributeValue(host, 'name')
    return name === null || other !== undefined
      ? []
      : setAttribute(document, engine, 'defaultHost', name)
  })

/** The server.xml for the lab; a message if it cannot be used. */
export const labServerFile = (base: BaseServer, lab: LabServer): EditedDocument | string => {
  const reached = removeElements(base.document, reasonAgainst(base))
  const made = isolateXml(reached.document, lab.appFolder)
  if (typeof made === 'string') return made
  const scrubbed = withoutHostPlaces(reparse(reached.document, made.text))
  const { document } = scrubbed
  const splices = childrenOf(document.root, 'Service').flatMap((service) => [
    ...connectorSplices(document, service, lab),
    ...hostSplices(document, service),
    ...contextsIn(service).flatMap((context) =>
      setAttribute(document, context, 'docBase', lab.appFolder),
    ),
  ])
  return {
    document: applied(document, splices),
    notes: [...reached.notes, ...made.notes, ...scrubbed.notes],
  }
}

/** The context file for the application of the lab; a message if it cannot be used. */
export const labContextFile = (given: XmlDocument): EditedDocument | string => {
  const bare = ['docBase', 'path', 'workDir'].reduce(
    (document, name) => applied(document, removeAttribute(document, document.root, name)),
    given,
  )
  const made = isolateXml(bare, '')
  if (typeof made === 'string') return made
  const scrubbed = withoutHostPlaces(reparse(bare, made.text))
  return { document: scrubbed.document, notes: [...made.notes, ...scrubbed.notes] }
}
