import type { BaseFile } from './base-file.ts'
import { attributeValue, type XmlElement } from './xml/document.ts'

export const isAjp = (connector: XmlElement): boolean =>
  /ajp/i.test(attributeValue(connector, 'protocol') ?? 'HTTP/1.1')

export const isPlainHttp = (connector: XmlElement): boolean =>
  !isAjp(connector) && (attributeValue(connector, 'SSLEnabled') ?? 'false').toLowerCase() !== 'true'

/** A number, or the default value of a placeholder; null: unknown before Tomcat starts. */
export const numberIn = (text: string | null): number | null => {
  const number =
    /^-?\d+$/.exec(text?.trim() ?? '')?.[0] ?? /^\$\{[^}]*:-(\d+)\}$/.exec(text ?? '')?.[1]
  return number === undefined ? null : Number(number)
}

/** Tomcat adds it to every port of the file (portOffset of Server, since 9.0.20). */
export const offsetIn = ({ document }: BaseFile): number =>
  numberIn(attributeValue(document.root, 'portOffset')) ?? 0

/** The port of a Connector; null: unknown, or a random port. */
export const listeningPort = (base: BaseFile, connector: XmlElement): number | null => {
  const port = numberIn(attributeValue(connector, 'port'))
  return port === null || port <= 0 ? null : port + offsetIn(base)
}
