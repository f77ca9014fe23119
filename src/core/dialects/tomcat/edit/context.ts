import type { Findings } from '../../../diagnostics/findings.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { type BaseFile, inBase } from '../base-file.ts'
import { report } from '../codes.ts'
import type { ContextParts } from '../pages.ts'
import { reportKeptSessions } from '../stores/local.ts'
import { attributeValue, childrenOf, type XmlDocument, type XmlElement } from '../xml/document.ts'
import { applied, type ChildPlace, insertChild, removeElement, setAttribute } from '../xml/edit.ts'
import { type Attribute, type XmlNode, xmlNode } from '../xml/write.ts'
import { reportChange } from './change.ts'
import { classOf, effectiveChild, matchChild, nodeClassOf, valueIn } from './match.ts'
import { mergeElement } from './merge.ts'

const standardManager = 'org.apache.catalina.session.StandardManager'

const managerIn = ({ root }: XmlDocument): XmlElement | null => effectiveChild(root, 'Manager')

const withAttributes = (
  document: XmlDocument,
  element: XmlElement,
  attributes: readonly Attribute[],
): XmlDocument =>
  applied(
    document,
    attributes.flatMap(([name, value]) => setAttribute(document, element, name, value)),
  )

/** Merges a child of the root, else inserts it; valves must be before the Manager. */
const putChild = (document: XmlDocument, node: XmlNode): XmlDocument => {
  const { root } = document
  const existing = matchChild(root, node)
  if (existing !== null)
    return applied(document, mergeElement(document, root, existing, node).splices)
  const manager = managerIn(document)
  const place: ChildPlace =
    manager === null ? { kind: 'last' } : { kind: 'before', sibling: manager }
  return applied(document, insertChild(document, root, node, place))
}

/** Reports the cookie attributes of the file that the spec changes. */
const reportCookieChanges = (base: BaseFile, parts: ContextParts, findings: Findings): void => {
  const { root } = base.document
  const reportIn = (element: XmlElement, attributes: readonly Attribute[]): void => {
    for (const [name, to] of attributes) {
      const from = attributeValue(element, name)
      if (from !== null && from !== to)
        reportChange(base, { kind: 'attribute', element, name, from, to }, findings)
    }
  }
  reportIn(root, parts.attributes)
  const processor = effectiveChild(root, 'CookieProcessor')
  if (processor !== null) reportIn(processor, parts.cookieProcessor)
}

const withCookie = (given: XmlDocument, parts: ContextParts): XmlDocument => {
  const document = withAttributes(given, given.root, parts.attributes)
  const { root } = document
  if (parts.cookieProcessor.length === 0) return document
  const existing = effectiveChild(root, 'CookieProcessor')
  if (existing !== null) return withAttributes(document, existing, parts.cookieProcessor)
  const node = xmlNode('CookieProcessor', parts.cookieProcessor)
  return applied(document, insertChild(document, root, node, { kind: 'last' }))
}

const reportUnusedManagers = (base: BaseFile, findings: Findings): void => {
  for (const { start } of childrenOf(base.document.root, 'Manager').slice(0, -1)) {
    const message = 'this Manager has no effect: Tomcat uses the last Manager of the file'
    report(findings, 'tomcat-base-choice', inBase(base, start), message, null)
  }
}

/**
 * With local sessions an existing Manager is kept, so that sessions are not moved to another store.
 * Only a StandardManager gets the missing attributes.
 */
const withLocalManager = (
  base: BaseFile,
  document: XmlDocument,
  { store }: ContextParts,
  app: TomcatApp,
  findings: Findings,
): XmlDocument => {
  const existing = managerIn(base.document)
  const className = existing === null ? null : classOf(existing)
  if (existing !== null && className !== null && className !== standardManager) {
    const message = `the Manager of this file is unchanged: it is ${className}, not the StandardManager`
    const help = 'remove the Manager, or name its session store in the spec'
    report(findings, 'tomcat-base-manager', inBase(base, existing.start), message, help)
    return document
  }
  if (existing !== null && attributeValue(existing, 'pathname') === '') {
    const message = 'this Manager is unchanged: with pathname="" all sessions are lost at a restart'
    const help = 'write pathname="SESSIONS.ser" to keep the sessions'
    report(findings, 'tomcat-base-manager', inBase(base, existing.start), message, help)
  } else reportKeptSessions(app, findings)
  if (store.manager === null) return document
  const manager = managerIn(document)
  if (manager === null) return putChild(document, store.manager)
  const missing = store.manager.attributes.filter(
    ([name]) => attributeValue(manager, name) === null,
  )
  return withAttributes(document, manager, missing)
}

const withValue = (node: XmlNode, key: string, value: string): XmlNode => ({
  ...node,
  attributes: node.attributes.map(([name, was]) => [name, name === key ? value : was] as const),
})

/** The store, with the DataSource of the file if its Store names one: the spec does not name it. */
const withExistingDataSource = (
  { root }: XmlDocument,
  { resources, manager }: ContextParts['store'],
): Pick<ContextParts['store'], 'resources' | 'manager'> => {
  const [resource] = resources
  const [store] = manager?.children ?? []
  if (resource === undefined || store === undefined || manager === null)
    return { resources, manager }
  const existingManager = effectiveChild(root, 'Manager')
  const existing = existingManager === null ? null : effectiveChild(existingManager, 'Store')
  const name = existing === null ? null : attributeValue(existing, 'dataSourceName')
  const isDefined = childrenOf(root, 'Resource').some((one) => attributeValue(one, 'name') === name)
  if (existing === null || name === null || !isDefined || classOf(existing) !== nodeClassOf(store))
    return { resources, manager }
  return {
    resources: [withValue(resource, 'name', name)],
    manager: { ...manager, children: [withValue(store, 'dataSourceName', name)] },
  }
}

const persistentValve = 'org.apache.catalina.valves.PersistentValve'
const binderValve = 'org.apache.catalina.ha.session.JvmRouteBinderValve'

/** The valves with which servers share the sessions of a store, where the spec has no shared store. */
const valvesToRemove = (
  { root }: XmlDocument,
  { valves }: ContextParts['store'],
): readonly XmlElement[] => {
  const all = childrenOf(root, 'Valve')
  const isShared = valves.some((valve) => nodeClassOf(valve) === persistentValve)
  return isShared || !all.some((valve) => classOf(valve) === persistentValve)
    ? []
    : all.filter((valve) => [persistentValve, binderValve].includes(classOf(valve) ?? ''))
}

/** The DataSource of a Store that is replaced stays: the application may use it. */
const reportKeptDataSource = (
  base: BaseFile,
  { manager }: ContextParts['store'],
  findings: Findings,
): void => {
  const { root } = base.document
  const existing = managerIn(base.document)
  const store = existing === null ? null : effectiveChild(existing, 'Store')
  const name = store === null ? null : attributeValue(store, 'dataSourceName')
  const isUsed = manager?.children.some((child) => valueIn(child, 'dataSourceName') !== null)
  const resource = childrenOf(root, 'Resource').find((one) => attributeValue(one, 'name') === name)
  if (name === null || resource === undefined || isUsed === true) return
  const message = `the Resource "${name}" of the replaced Store is kept: the application may use it`
  report(findings, 'tomcat-base-store', inBase(base, resource.start), message, null)
}

/** The session store of the spec replaces that of the file. */
const withStore = (
  base: BaseFile,
  document: XmlDocument,
  { store }: ContextParts,
  findings: Findings,
): XmlDocument => {
  const { resources, manager } = withExistingDataSource(base.document, store)
  const nodes = [...(manager === null ? [] : [manager]), ...resources, ...store.valves]
  const existing = managerIn(base.document)
  if (manager === null && existing !== null) {
    const message = `the Manager of this file (${classOf(existing)}) is removed: otherwise the Manager of the Cluster would not be used`
    report(findings, 'tomcat-base-store', inBase(base, existing.start), message, null)
  }
  for (const node of nodes) {
    const { root } = base.document
    const match = matchChild(root, node)
    const changes = match === null ? [] : mergeElement(base.document, root, match, node).changes
    for (const change of changes) reportChange(base, change, findings)
  }
  reportKeptDataSource(base, store, findings)
  for (const element of valvesToRemove(base.document, store))
    reportChange(base, { kind: 'removed', element }, findings)
  const replaced = [
    ...(manager === null ? childrenOf(document.root, 'Manager') : []),
    ...valvesToRemove(document, store),
  ]
  const bare = applied(
    document,
    replaced.flatMap((child) => removeElement(document, child)),
  )
  return nodes.reduce(putChild, bare)
}

/** @returns the text of an existing context file with the cookie and the session store of the spec. */
export const editContext = (
  base: BaseFile,
  parts: ContextParts,
  app: TomcatApp,
  findings: Findings,
): string => {
  reportCookieChanges(base, parts, findings)
  const document = withCookie(base.document, parts)
  const { store } = app.sessions
  if (store === 'none') return document.text
  reportUnusedManagers(base, findings)
  const edited =
    store === 'local'
      ? withLocalManager(base, document, parts, app, findings)
      : withStore(base, document, parts, findings)
  return edited.text
}
