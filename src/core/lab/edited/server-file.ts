import type { BaseServer } from '../../dialects/tomcat/base-server.ts'
import { connectorAttributes } from '../../dialects/tomcat/server-view.ts'
import {
  attributeValue,
  childrenOf,
  type XmlDocument,
  type XmlElement,
} from '../../dialects/tomcat/xml/document.ts'
import { applied, insertChild, type Splice, setAttribute } from '../../dialects/tomcat/xml/edit.ts'
import { reparse } from '../../dialects/tomcat/xml/parse.ts'
import type { Version } from '../../model/version.ts'
import { isolateXml } from '../../validate/tomcat/isolate.ts'
import { type EditedDocument, removeElements } from './noted.ts'
import { withoutHostPlaces } from './without-places.ts'

export interface LabServer {
  readonly version: Version
  readonly host: string
  readonly port: number
  /** Of the application, below webapps. */
  readonly appFolder: string
}

/** What the balancer does not reach has nothing to do in the lab. */
const reasonAgainst =
  ({ service, connector, host }: BaseServer) =>
  (element: XmlElement): string | null => {
    switch (element.name) {
      case 'Service':
        return element === service ? null : 'the balancer does not connect to it'
      case 'Connector':
        return element === connector ? null : 'the balancer does not connect to it'
      case 'Host':
        return host === null || element === host ? null : 'the lab has one host'
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

/** The one host answers whatever a browser calls it. */
const hostSplices = (document: XmlDocument, service: XmlElement): readonly Splice[] =>
  childrenOf(service, 'Engine').flatMap((engine) => {
    const [host, other] = childrenOf(engine, 'Host')
    const name = host === undefined ? null : attributeValue(host, 'name')
    return name === null || other !== undefined
      ? []
      : setAttribute(document, engine, 'defaultHost', name)
  })

/** The server.xml of a base as the lab runs it; a sentence when it cannot. */
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
