import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { isLoopbackHost } from '../../model/ip.ts'
import type { Entities } from './base-entities.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import { attributeOf, attributeValue, childrenOf, type XmlElement } from './xml/document.ts'

export const isAjp = (connector: XmlElement): boolean =>
  /ajp/i.test(attributeValue(connector, 'protocol') ?? 'HTTP/1.1')

export const isPlainHttp = (connector: XmlElement): boolean =>
  !isAjp(connector) && (attributeValue(connector, 'SSLEnabled') ?? 'false').toLowerCase() !== 'true'

/** A number, or the one that a placeholder falls back to; null: not known here. */
export const numberIn = (text: string | null): number | null => {
  const number =
    /^-?\d+$/.exec(text?.trim() ?? '')?.[0] ?? /^\$\{[^}]*:-(\d+)\}$/.exec(text ?? '')?.[1]
  return number === undefined ? null : Number(number)
}

/** Added to every port of the file (Server portOffset, from 9.0.20 on). */
export const offsetIn = ({ document }: BaseFile): number =>
  numberIn(attributeValue(document.root, 'portOffset')) ?? 0

/** Where a connector listens; null: not known here, or at random. */
export const listeningPort = (base: BaseFile, connector: XmlElement): number | null => {
  const port = numberIn(attributeValue(connector, 'port'))
  return port === null || port <= 0 ? null : port + offsetIn(base)
}

export interface ChosenConnector {
  /** To be edited; null: none. */
  readonly connector: XmlElement | null
  /** The one that an entity brings, which cannot be edited; null: none. */
  readonly included: XmlElement | null
  /** There is none, and nothing else may bring one. */
  readonly isMissing: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** A connector that listens where the balancer does not connect to. */
const addressProblem = (
  base: BaseFile,
  connector: XmlElement,
  host: string | null,
): readonly Diagnostic[] => {
  const address = attributeOf(connector, 'address')
  if (address === null || host === null) return []
  if (!isLoopbackHost(address.value) || isLoopbackHost(host)) return []
  const message = `this connector listens on ${address.value} only, the balancer connects to ${host}`
  const help = `write address="${host}", or remove the address`
  return [report('tomcat-base-address', inBase(base, address.valueStart), message, help)]
}

/** The plain HTTP connector that the balancer connects to. */
export const chooseConnector = (
  base: BaseFile,
  service: XmlElement,
  { included, includesFile }: Entities,
  port: number,
  host: string | null,
): ChosenConnector => {
  const plain = childrenOf(service, 'Connector').filter(isPlainHttp)
  const onPort = plain.filter((connector) => listeningPort(base, connector) === port)
  // Two connectors may share a port on different addresses.
  const exact = onPort.find((one) => attributeValue(one, 'address') === host) ?? onPort[0]
  if (exact !== undefined) {
    const diagnostics = addressProblem(base, exact, host)
    return { connector: exact, included: null, isMissing: false, diagnostics }
  }
  const given = included(service, 'Connector').find(
    (connector) => isPlainHttp(connector) && listeningPort(base, connector) === port,
  )
  if (given !== undefined)
    return { connector: null, included: given, isMissing: false, diagnostics: [] }
  const [connector = null] = plain
  if (connector === null)
    return { connector, included: null, isMissing: !includesFile(service), diagnostics: [] }
  const diagnostics = addressProblem(base, connector, host)
  if (plain.length < 2) return { connector, included: null, isMissing: false, diagnostics }
  const was = attributeValue(connector, 'port') ?? '?'
  const message = `none of the ${plain.length} plain HTTP connectors has port ${port}: the first gets it instead of ${was}`
  const at = inBase(base, connector.start)
  const choice = report('tomcat-base-choice', at, message, null)
  return { connector, included: null, isMissing: false, diagnostics: [choice, ...diagnostics] }
}
