import { attributeValue, childrenOf, type XmlElement } from '../xml/document.ts'
import type { XmlNode } from '../xml/write.ts'

const defaultClasses: Readonly<Record<string, string>> = {
  Manager: 'org.apache.catalina.session.StandardManager',
  CookieProcessor: 'org.apache.tomcat.util.http.Rfc6265CookieProcessor',
  Channel: 'org.apache.catalina.tribes.group.GroupChannel',
}

/** The class that an element stands for; null where the name of the element says it all. */
export const classOf = (element: XmlElement): string | null =>
  attributeValue(element, 'className')?.trim() ?? defaultClasses[element.name] ?? null

/** The same of an element that is to be written. */
export const wantedClassOf = ({ name, attributes }: XmlNode): string | null =>
  attributes.find(([key]) => key === 'className')?.[1] ?? defaultClasses[name] ?? null

/**
 * Elements of which Tomcat keeps one: each further one takes the place of the former (the setters that
 * the rules of its Digester call).
 */
const single = new Set([
  'Manager',
  'Store',
  'CookieProcessor',
  'SessionIdGenerator',
  'Cluster',
  'Engine',
  'Channel',
  'Membership',
  'Receiver',
  'Sender',
  'Transport',
])

export const isSingle = (name: string): boolean => single.has(name)

/** The child of that name that Tomcat uses: the last one. */
export const effectiveChild = (parent: XmlElement, name: string): XmlElement | null =>
  childrenOf(parent, name).at(-1) ?? null
