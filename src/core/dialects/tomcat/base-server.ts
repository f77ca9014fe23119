import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../model/cluster.ts'
import { type Entities, entitiesOf } from './base-entities.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import {
  chooseConnector,
  isAjp,
  isPlainHttp,
  listeningPort,
  numberIn,
  offsetIn,
} from './connectors.ts'
import { effectiveChild } from './edit/element-class.ts'
import type { BasePorts, PortUse } from './ports.ts'
import { attributeValue, childrenOf, type XmlElement } from './xml/document.ts'

/** The elements of an existing server.xml that matter here. */
export interface BaseServer extends BaseFile {
  readonly service: XmlElement
  readonly engine: XmlElement
  /** The one that a frontend serves, else the default one; null when that is not there. */
  readonly host: XmlElement | null
  /** null: the Service has no plain HTTP connector that can be edited. */
  readonly connector: XmlElement | null
  /** The one on the right port that an entity brings; null: none. */
  readonly includedConnector: XmlElement | null
  /** There is no plain HTTP connector at all. */
  readonly lacksConnector: boolean
  readonly entities: Entities
  readonly ajp: XmlElement | null
  readonly diagnostics: readonly Diagnostic[]
}

const nameOf = (element: XmlElement): string =>
  `"${attributeValue(element, 'name') ?? 'without a name'}"`

interface Candidate {
  readonly service: XmlElement
  readonly engine: XmlElement
}

/** Host names are compared, and kept, in lower case (core/StandardHost.setName). */
export const hostNameOf = (host: XmlElement): string =>
  (attributeValue(host, 'name') ?? '').toLowerCase()

/** The names by which requests reach a host. */
const namesOf = ({ document }: BaseFile, host: XmlElement): readonly string[] => [
  hostNameOf(host),
  ...childrenOf(host, 'Alias').map(({ openEnd, closeStart }) =>
    document.text.slice(openEnd, closeStart).trim().toLowerCase(),
  ),
]

const servedHosts = (
  base: BaseFile,
  engine: XmlElement,
  names: ReadonlySet<string>,
): readonly XmlElement[] =>
  childrenOf(engine, 'Host').filter((host) => namesOf(base, host).some((name) => names.has(name)))

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

interface Sought {
  readonly names: ReadonlySet<string>
  /** Of the balancer's connections. */
  readonly port: number
}

/** In the order in which a reason decides: where the balancer arrives, then whom it asks for. */
const reasonsFor = (
  base: BaseFile,
  { included }: Entities,
  { names, port }: Sought,
): readonly (readonly [why: string, holds: (candidate: Candidate) => boolean])[] => [
  [
    `it has the connector on port ${port}`,
    ({ service }) =>
      [...childrenOf(service, 'Connector'), ...included(service, 'Connector')].some(
        (connector) => isPlainHttp(connector) && listeningPort(base, connector) === port,
      ),
  ],
  [
    'it has a Host that a frontend serves',
    ({ engine }) => servedHosts(base, engine, names).length > 0,
  ],
  ['it is named Catalina', ({ engine }) => attributeValue(engine, 'name') === 'Catalina'],
]

const chooseEngine = (
  base: BaseFile,
  candidates: readonly Candidate[],
  entities: Entities,
  sought: Sought,
): { chosen: Candidate | null; diagnostics: readonly Diagnostic[] } => {
  let left = candidates
  let why = 'it is the first'
  for (const [reason, holds] of reasonsFor(base, entities, sought)) {
    const fitting = left.filter(holds)
    if (left.length < 2 || fitting.length === 0) continue
    if (fitting.length < left.length) why = reason
    left = fitting
  }
  const [chosen = null] = left
  if (chosen === null || candidates.length === 1) return { chosen, diagnostics: [] }
  const all = candidates.map(({ engine }) => nameOf(engine)).join(', ')
  const message = `of the Engines ${all}, ${nameOf(chosen.engine)} is edited: ${why}`
  const at = inBase(base, chosen.engine.start)
  return { chosen, diagnostics: [report('tomcat-base-choice', at, message, null)] }
}

/** Finds the elements to edit, and says so where there was a choice. */
export const readBaseServer = (
  base: BaseFile,
  frontends: readonly Frontend[],
  httpPort: number,
  host: string | null,
): BaseServer | Diagnostic => {
  const { root } = base.document
  const candidates = childrenOf(root, 'Service').flatMap((service) =>
    [effectiveChild(service, 'Engine')].flatMap((engine) =>
      engine === null ? [] : [{ service, engine }],
    ),
  )
  const entities = entitiesOf(base)
  const names = new Set(
    frontends.flatMap(({ serverNames }) => serverNames.map((name) => name.toLowerCase())),
  )
  const { chosen, diagnostics } = chooseEngine(base, candidates, entities, {
    names,
    port: httpPort,
  })
  if (chosen === null) {
    const message = 'there is no <Engine> in a <Service> of this file'
    const help = 'an Engine that an entity includes is in another file, which sessctl does not edit'
    return report('tomcat-base-invalid', inBase(base, root.start), message, help)
  }
  const { service, engine } = chosen
  const found = chooseConnector(base, service, entities, httpPort, host)
  return {
    ...base,
    service,
    engine,
    host: chooseHost(base, engine, names),
    connector: found.connector,
    includedConnector: found.included,
    lacksConnector: found.isMissing,
    entities,
    ajp: childrenOf(service, 'Connector').find(isAjp) ?? null,
    diagnostics: [...entities.diagnostics, ...diagnostics, ...found.diagnostics],
  }
}

/** Everything that listens and that the spec does not speak of. */
const otherPorts = (base: BaseServer): readonly PortUse[] => {
  const { document, connector, includedConnector, ajp, entities } = base
  const services = childrenOf(document.root, 'Service')
  const own = services.flatMap((service) => childrenOf(service, 'Connector'))
  const included = services.flatMap((service) =>
    entities.included(service, 'Connector').map((element) => [element, service.start] as const),
  )
  const all = [...own.map((element) => [element, element.start] as const), ...included]
  return all
    .filter(([element]) => ![connector, includedConnector, ajp].includes(element))
    .flatMap(([element, offset]) => {
      const port = listeningPort(base, element)
      const address = attributeValue(element, 'address')
      return port === null ? [] : [{ port, address, at: inBase(base, offset) }]
    })
}

/** Ports that the file already decides. */
export const basePortsOf = (base: BaseServer): BasePorts => {
  const { document, ajp, connector } = base
  const shutdown = numberIn(attributeValue(document.root, 'port'))
  return {
    shutdown: shutdown === null || shutdown <= 0 ? shutdown : shutdown + offsetIn(base),
    ajp: ajp === null ? null : listeningPort(base, ajp),
    address: connector === null ? null : attributeValue(connector, 'address'),
    others: otherPorts(base),
  }
}
