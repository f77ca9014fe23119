import { attributeValue, childrenOf, type XmlElement } from '../xml/document.ts'
import type { XmlNode } from '../xml/write.ts'

const defaultClasses: Readonly<Record<string, string>> = {
  Manager: 'org.apache.catalina.session.StandardManager',
  CookieProcessor: 'org.apache.tomcat.util.http.Rfc6265CookieProcessor',
  Channel: 'org.apache.catalina.tribes.group.GroupChannel',
}

/** The class of an element; null for elements without a class. */
export const classOf = (element: XmlElement): string | null =>
  attributeValue(element, 'className')?.trim() ?? defaultClasses[element.name] ?? null

export const valueIn = ({ attributes }: XmlNode, name: string): string | null =>
  attributes.find(([key]) => key === name)?.[1] ?? null

/** The class of an element to write. */
export const nodeClassOf = (node: XmlNode): string | null =>
  valueIn(node, 'className') ?? defaultClasses[node.name] ?? null

/** Elements of which Tomcat uses the last one (the setters that its Digester rules call). */
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

/** The child of that name that Tomcat uses: the last one. */
export const effectiveChild = (parent: XmlElement, name: string): XmlElement | null =>
  childrenOf(parent, name).at(-1) ?? null

/** Attributes that identify an element together with its name; other elements have a class. */
const identities: Readonly<Record<string, readonly string[]>> = {
  Resource: ['name'],
  Member: ['host', 'port'],
}

const isSame = (element: XmlElement, node: XmlNode): boolean =>
  identities[node.name]?.every((key) => attributeValue(element, key) === valueIn(node, key)) ??
  classOf(element) === nodeClassOf(node)

/**
 * The existing child that becomes the element to write: the effective one where Tomcat uses one only,
 * else the first with the same identity.
 */
export const matchChild = (parent: XmlElement, node: XmlNode): XmlElement | null =>
  single.has(node.name)
    ? effectiveChild(parent, node.name)
    : (childrenOf(parent, node.name).find((child) => isSame(child, node)) ?? null)

const interceptors = 'org.apache.catalina.tribes.group.interceptors'

const multicastService = 'org.apache.catalina.tribes.membership.McastService'

/** Interceptors that set the members, or do the work of an interceptor that sessctl writes. */
const conflictingInterceptors: ReadonlySet<string> = new Set([
  `${interceptors}.StaticMembershipInterceptor`,
  `${interceptors}.MessageDispatchInterceptor`,
  `${interceptors}.MessageDispatch15Interceptor`,
])

/**
 * Whether an existing child without a counterpart among the elements to write must be removed: members
 * that are not in the spec, and parts of a Channel that conflict with those of sessctl.
 */
export const isConflict = (child: XmlElement, parent: XmlNode): boolean => {
  if (child.name === 'Member' || child.name === 'LocalMember') return true
  if (parent.name !== 'Channel') return false
  const className = classOf(child)
  // With an interceptor for the members, Tomcat starts no membership service: its default is harmless.
  if (child.name === 'Membership')
    return (
      className !== multicastService && !parent.children.some(({ name }) => name === child.name)
    )
  return (
    child.name === 'Interceptor' &&
    className !== null &&
    conflictingInterceptors.has(className) &&
    !parent.children.some((node) => nodeClassOf(node) === className)
  )
}
