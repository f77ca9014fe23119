import type { Frontend } from '../../model/cluster.ts'
import type { BaseFile } from './base-file.ts'
import { isAjp, isPlainHttp, listeningPort } from './connectors.ts'
import { effectiveChild } from './edit/match.ts'
import { type Entities, entitiesOf } from './entities.ts'
import { attributeValue, childrenOf, type XmlDocument, type XmlElement } from './xml/document.ts'

/** The address and the names by which the balancer reaches a Tomcat. */
export interface Endpoint {
  readonly protocol: 'http' | 'ajp'
  readonly port: number
  /** null: unknown, as behind a UNIX socket. */
  readonly host: string | null
  readonly frontends: readonly Frontend[]
}

/** An existing server.xml with the elements that sessctl edits. */
export interface BaseServer extends BaseFile {
  readonly service: XmlElement
  readonly engine: XmlElement
  /** Why this Engine was selected; null: it is the only one. */
  readonly engineReason: string | null
  /** The Host that a frontend serves, else the default Host; null: neither exists. */
  readonly host: XmlElement | null
  /** The Connector of the balancer, for plain HTTP or AJP; null: the Service has none that can be edited. */
  readonly connector: XmlElement | null
  /** The Connector of the balancer in an internal entity; null: none. */
  readonly includedConnector: XmlElement | null
  /** Neither the file nor an entity may contain a Connector of the protocol. */
  readonly lacksConnector: boolean
  readonly entities: Entities
  /** The first Connector of the other protocol. */
  readonly other: XmlElement | null
}

interface Candidate {
  readonly service: XmlElement
  readonly engine: XmlElement
}

/** The Engines of a server.xml with their Services. */
export const enginesOf = ({ root }: XmlDocument): readonly Candidate[] =>
  childrenOf(root, 'Service').flatMap((service) => {
    const engine = effectiveChild(service, 'Engine')
    return engine === null ? [] : [{ service, engine }]
  })

/** Tomcat converts host names to lower case (core/StandardHost.setName). */
export const hostNameOf = (host: XmlElement): string =>
  (attributeValue(host, 'name') ?? '').toLowerCase()

const servedHosts = (
  { document }: BaseFile,
  engine: XmlElement,
  names: ReadonlySet<string>,
): readonly XmlElement[] =>
  childrenOf(engine, 'Host').filter((host) => {
    const aliases = childrenOf(host, 'Alias').map(({ openEnd, closeStart }) =>
      document.text.slice(openEnd, closeStart).trim().toLowerCase(),
    )
    return [hostNameOf(host), ...aliases].some((name) => names.has(name))
  })

const chooseHost = (
  base: BaseFile,
  engine: XmlElement,
  names: ReadonlySet<string>,
): XmlElement | null => {
  const [served, another] = servedHosts(base, engine, names)
  if (served !== undefined && another === undefined) return served
  const standard = (attributeValue(engine, 'defaultHost') ?? '').toLowerCase()
  return childrenOf(engine, 'Host').find((host) => hostNameOf(host) === standard) ?? null
}

/** Whether a Connector speaks the protocol of the balancer. */
export const isSpoken = ({ protocol }: Endpoint): ((connector: XmlElement) => boolean) =>
  protocol === 'ajp' ? isAjp : isPlainHttp

const chooseEngine = (
  base: BaseFile,
  { included }: Entities,
  endpoint: Endpoint,
  names: ReadonlySet<string>,
): (Candidate & { readonly engineReason: string | null }) | null => {
  const { port } = endpoint
  const speaks = isSpoken(endpoint)
  const candidates = enginesOf(base.document)
  const hasConnector = ({ service }: Candidate): boolean =>
    [...childrenOf(service, 'Connector'), ...included(service, 'Connector')].some(
      (connector) => speaks(connector) && listeningPort(base, connector) === port,
    )
  const hasHost = ({ engine }: Candidate): boolean => servedHosts(base, engine, names).length > 0
  const isCatalina = ({ engine }: Candidate): boolean =>
    attributeValue(engine, 'name') === 'Catalina'
  // In the order of precedence: the next criterion is used if several Engines are left.
  const criteria = [
    [`it has the Connector on port ${port}`, hasConnector],
    ['it has a Host that a frontend serves', hasHost],
    ['it is named Catalina', isCatalina],
  ] as const
  let left = candidates
  let reason = 'it is the first'
  for (const [criterion, holds] of criteria) {
    const fitting = left.filter(holds)
    if (left.length < 2 || fitting.length === 0) continue
    if (fitting.length < left.length) reason = criterion
    left = fitting
  }
  const [chosen] = left
  if (chosen === undefined) return null
  return { ...chosen, engineReason: candidates.length === 1 ? null : reason }
}

/** The Connector that the balancer connects to. */
const chooseConnector = (
  base: BaseFile,
  service: XmlElement,
  { included, includesFile }: Entities,
  endpoint: Endpoint,
): Pick<BaseServer, 'connector' | 'includedConnector' | 'lacksConnector'> => {
  const { port, host } = endpoint
  const speaks = isSpoken(endpoint)
  const isOnPort = (connector: XmlElement): boolean =>
    speaks(connector) && listeningPort(base, connector) === port
  const connectors = childrenOf(service, 'Connector')
  const onPort = connectors.filter(isOnPort)
  // Two Connectors may use one port on different addresses.
  const exact = onPort.find((one) => attributeValue(one, 'address') === host) ?? onPort[0] ?? null
  const includedConnector =
    exact === null ? (included(service, 'Connector').find(isOnPort) ?? null) : null
  const connector = includedConnector === null ? (exact ?? connectors.find(speaks) ?? null) : null
  const lacksConnector = connector === null && includedConnector === null && !includesFile(service)
  return { connector, includedConnector, lacksConnector }
}

/** Finds the elements to edit; null: the file has no Engine. */
export const readBaseServer = (base: BaseFile, endpoint: Endpoint): BaseServer | null => {
  const entities = entitiesOf(base)
  const names = new Set(
    endpoint.frontends.flatMap(({ serverNames }) => serverNames.map((name) => name.toLowerCase())),
  )
  const chosen = chooseEngine(base, entities, endpoint, names)
  if (chosen === null) return null
  return {
    ...base,
    ...chosen,
    ...chooseConnector(base, chosen.service, entities, endpoint),
    host: chooseHost(base, chosen.engine, names),
    entities,
    other:
      childrenOf(chosen.service, 'Connector').find(
        endpoint.protocol === 'ajp' ? isPlainHttp : isAjp,
      ) ?? null,
  }
}
