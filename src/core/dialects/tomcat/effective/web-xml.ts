import { type BaseFile, inBase } from '../base-file.ts'
import { childrenOf, type XmlElement } from '../xml/document.ts'
import { parseXml } from '../xml/parse.ts'
import type { Said, SaidCookie } from './layer.ts'

/** The last of each name, as Tomcat keeps it. */
const descend = (element: XmlElement, ...names: readonly string[]): XmlElement | null =>
  names.reduce<XmlElement | null>(
    (found, name) => (found === null ? null : (childrenOf(found, name).at(-1) ?? null)),
    element,
  )

/** What `<session-config><cookie-config>` of a web.xml says; nothing where the file cannot be read. */
export const webXmlCookie = (file: string, bytes: Uint8Array): SaidCookie | null => {
  const parsed = parseXml(bytes)
  if (!parsed.ok) return null
  const base: BaseFile = { file, document: parsed.value }
  const config = descend(parsed.value.root, 'session-config', 'cookie-config')
  if (config === null) return null
  const said = (name: string): Said | null => {
    const element = descend(config, name)
    if (element === null) return null
    const value = parsed.value.text.slice(element.openEnd, element.closeStart).trim()
    return value === '' ? null : { value, at: inBase(base, element.openEnd) }
  }
  return {
    sessionCookieName: said('name'),
    sessionCookiePath: said('path'),
    sessionCookieDomain: said('domain'),
  }
}
