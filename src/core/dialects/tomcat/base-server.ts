import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../model/cluster.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import type { BasePorts } from './ports.ts'
import { attributeValue, childrenOf, type XmlElement } from './xml/document.ts'

/** The elements of an existing server.xml that matter here. */
export interface BaseServer extends BaseFile {
  readonly service: XmlElement
  readonly engine: XmlElement
  /** The one that a frontend serves, else the default one; null when that is not there. */
  readonly host: XmlElement | null
  /** null: the Service has no plain HTTP connector. */
  readonly connector: XmlElement | null
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

const servedHosts = (engine: XmlElement, names: ReadonlySet<string>): readonly XmlElement[] =>
  childrenOf(engine, 'Host').filter((host) => names.has(hostNameOf(host)))

const chooseHost = (engine: XmlElement, names: ReadonlySet<string>): XmlElement | null => {
  const [served, another] = servedHosts(engine, names)
  if (served !== undefined && another === undefined) return served
  const standard = (attributeValue(engine, 'defaultHost') ?? '').toLowerCase()
  return childrenOf(engine, 'Host').find((host) => hostNameOf(host) === standard) ?? null
}

const chooseEngine = (
  base: BaseFile,
  candidates: readonly Candidate[],
  names: ReadonlySet<string>,
): { chosen: Candidate | null; diagnostics: readonly Diagnostic[] } => {
  const serving = candidates.filter(({ engine }) => servedHosts(engine, names).length > 0)
  const catalina = candidates.filter(({ engine }) => attributeValue(engine, 'name') === 'Catalina')
  const chosen = (serving.length === 1 ? serving[0] : (catalina[0] ?? candidates[0])) ?? null
  if (chosen === null || candidates.length === 1) return { chosen, diagnostics: [] }
  const why =
    serving.length === 1
      ? 'it has a Host that a frontend serves'
      : catalina.length > 0
        ? 'it is named Catalina'
        : 'it is the first'
  const all = candidates.map(({ engine }) => nameOf(engine)).join(', ')
  const message = `of the Engines ${all}, ${nameOf(chosen.engine)} is edited: ${why}`
  const at = inBase(base, chosen.engine.start)
  return { chosen, diagnostics: [report('tomcat-base-choice', at, message, null)] }
}

const isAjp = (connector: XmlElement): boolean =>
  /ajp/i.test(attributeValue(connector, 'protocol') ?? 'HTTP/1.1')

const isPlainHttp = (connector: XmlElement): boolean =>
  !isAjp(connector) && (attributeValue(connector, 'SSLEnabled') ?? 'false').toLowerCase() !== 'true'

const chooseConnector = (
  base: BaseFile,
  service: XmlElement,
  port: number,
): { connector: XmlElement | null; diagnostics: readonly Diagnostic[] } => {
  const plain = childrenOf(service, 'Connector').filter(isPlainHttp)
  const exact = plain.find((connector) => attributeValue(connector, 'port') === String(port))
  const connector = exact ?? plain[0] ?? null
  if (connector === null || exact !== undefined || plain.length < 2)
    return { connector, diagnostics: [] }
  const was = attributeValue(connector, 'port') ?? '?'
  const message = `none of the ${plain.length} plain HTTP connectors has port ${port}: the first gets it instead of ${was}`
  const at = inBase(base, connector.start)
  return { connector, diagnostics: [report('tomcat-base-choice', at, message, null)] }
}

/** Finds the elements to edit, and says so where there was a choice. */
export const readBaseServer = (
  base: BaseFile,
  frontends: readonly Frontend[],
  httpPort: number,
): BaseServer | Diagnostic => {
  const { root } = base.document
  const candidates = childrenOf(root, 'Service').flatMap((service) =>
    childrenOf(service, 'Engine').map((engine) => ({ service, engine })),
  )
  const names = new Set(
    frontends.flatMap(({ serverNames }) => serverNames.map((name) => name.toLowerCase())),
  )
  const { chosen, diagnostics } = chooseEngine(base, candidates, names)
  if (chosen === null) {
    const message = 'there is no <Engine> in a <Service> of this file'
    const help = 'an Engine that an entity includes is in another file, which sessctl does not edit'
    return report('tomcat-base-invalid', inBase(base, root.start), message, help)
  }
  const { service, engine } = chosen
  const found = chooseConnector(base, service, httpPort)
  return {
    ...base,
    service,
    engine,
    host: chooseHost(engine, names),
    connector: found.connector,
    ajp: childrenOf(service, 'Connector').find(isAjp) ?? null,
    diagnostics: [...diagnostics, ...found.diagnostics],
  }
}

const numberOf = (text: string | null): number | null =>
  text !== null && /^-?\d+$/.test(text) ? Number(text) : null

/** Ports that the file already decides. */
export const basePortsOf = ({ document, ajp }: BaseServer): BasePorts => ({
  shutdown: numberOf(attributeValue(document.root, 'port')),
  ajp: ajp === null ? null : numberOf(attributeValue(ajp, 'port')),
})
