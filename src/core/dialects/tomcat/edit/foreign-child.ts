import type { XmlElement } from '../xml/document.ts'
import type { XmlNode } from '../xml/write.ts'
import { classOf, wantedClassOf } from './element-class.ts'

const interceptors = 'org.apache.catalina.tribes.group.interceptors'

/** Interceptors that decide who is a member, or do what one of ours does. */
const rivals: ReadonlySet<string> = new Set([
  `${interceptors}.StaticMembershipInterceptor`,
  `${interceptors}.MessageDispatchInterceptor`,
  `${interceptors}.MessageDispatch15Interceptor`,
])

/**
 * Whether an existing child that none of the wanted ones stands for contradicts them: members that the
 * spec does not list, and interceptors in the place of ours. Everything else stays.
 */
export const isContradiction = (child: XmlElement, parent: XmlNode): boolean => {
  if (child.name === 'Member' || child.name === 'LocalMember') return true
  const className = classOf(child)
  return (
    child.name === 'Interceptor' &&
    parent.name === 'Channel' &&
    className !== null &&
    rivals.has(className) &&
    !parent.children.some((wanted) => wantedClassOf(wanted) === className)
  )
}
