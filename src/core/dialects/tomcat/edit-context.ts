import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { TomcatSessions } from '../../model/sessions.ts'
import type { Attribute } from './attribute.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import type { ContextParts } from './context-view.ts'
import { applied, putChild, withoutChild } from './edit-elements.ts'
import type { Edited } from './edit-server.ts'
import { attributeValue, childrenOf, type XmlDocument } from './xml/document.ts'
import { insertChild } from './xml/insert-child.ts'
import { setAttribute } from './xml/set-attribute.ts'

const standardManager = 'org.apache.catalina.session.StandardManager'

const withAttributes = (document: XmlDocument, attributes: readonly Attribute[]): XmlDocument =>
  applied(
    document,
    attributes.flatMap(([name, value]) => setAttribute(document, document.root, name, value)),
  )

const withCookieProcessor = (
  document: XmlDocument,
  attributes: readonly Attribute[],
): XmlDocument => {
  if (attributes.length === 0) return document
  const [existing] = childrenOf(document.root, 'CookieProcessor')
  if (existing !== undefined)
    return applied(
      document,
      attributes.flatMap(([name, value]) => setAttribute(document, existing, name, value)),
    )
  const node = { name: 'CookieProcessor', attributes, children: [] }
  return applied(document, insertChild(document, document.root, node, { kind: 'last' }))
}

/** A Manager of another kind stays: replacing it would move everybody's sessions. */
const foreignManager = (base: BaseFile): Diagnostic | null => {
  const [existing] = childrenOf(base.document.root, 'Manager')
  const name = existing === undefined ? null : attributeValue(existing, 'className')
  if (existing === undefined || name === null || name === standardManager) return null
  const message = `the Manager of this file is ${name}, not Tomcat's own, and stays as it is`
  const help = 'remove the Manager, or name its session store in the spec'
  return report('tomcat-base-manager', inBase(base, existing.start), message, help)
}

/** Where the file says that no session outlives a restart, it means it. */
const forgetfulManager = (base: BaseFile): Diagnostic | null => {
  const [existing] = childrenOf(base.document.root, 'Manager')
  if (existing === undefined || attributeValue(existing, 'pathname') !== '') return null
  const message = 'this Manager forgets all sessions at a restart (pathname=""), and stays as it is'
  const help = 'write pathname="SESSIONS.ser" to keep them'
  return report('tomcat-base-manager', inBase(base, existing.start), message, help)
}

const withLocalManager = (
  document: XmlDocument,
  attributes: readonly Attribute[] | null,
): XmlDocument => {
  if (attributes === null) return document
  const [existing] = childrenOf(document.root, 'Manager')
  if (existing === undefined)
    return putChild(document, { name: 'Manager', attributes, children: [] }, null)
  const gaps = attributes.filter(([name]) => attributeValue(existing, name) === null)
  return applied(
    document,
    gaps.flatMap(([name, value]) => setAttribute(document, existing, name, value)),
  )
}

/** With local sessions the Manager of the file stays the master of it. */
const editLocal = (base: BaseFile, document: XmlDocument, { store }: ContextParts): Edited => {
  const foreign = foreignManager(base)
  const problem = foreign ?? forgetfulManager(base)
  const attributes = store.manager?.attributes ?? null
  const edited = foreign === null ? withLocalManager(document, attributes) : document
  return { text: edited.text, diagnostics: problem === null ? [] : [problem] }
}

/** Another store is asked for by name: what the file says of sessions gives way. */
const replacedManager = (base: BaseFile, { store }: ContextParts): readonly Diagnostic[] => {
  const [existing] = childrenOf(base.document.root, 'Manager')
  const wanted = store.manager?.attributes.find(([name]) => name === 'className')?.[1] ?? null
  if (existing === undefined) return []
  const name = attributeValue(existing, 'className') ?? standardManager
  if (name === wanted) return []
  const message =
    wanted === null
      ? `the Manager of this file (${name}) is left out, since the one of the Cluster would not be used`
      : `the Manager of this file (${name}) becomes ${wanted}`
  return [report('tomcat-base-store', inBase(base, existing.start), message, null)]
}

const editStored = (base: BaseFile, document: XmlDocument, parts: ContextParts): Edited => {
  const { resources, valves, manager } = parts.store
  const withManager =
    manager === null ? withoutChild(document, 'Manager') : putChild(document, manager, null)
  const withResources = resources.reduce(
    (edited, resource) => putChild(edited, resource, 'name'),
    withManager,
  )
  const edited = valves.reduce((one, valve) => putChild(one, valve, 'className'), withResources)
  return { text: edited.text, diagnostics: replacedManager(base, parts) }
}

/** The existing context file with the cookie and the session store that the spec asks for, and no other change. */
export const editContext = (
  base: BaseFile,
  parts: ContextParts,
  store: TomcatSessions['store'],
): Edited => {
  const document = withCookieProcessor(
    withAttributes(base.document, parts.attributes),
    parts.cookieProcessor,
  )
  return store === 'local' ? editLocal(base, document, parts) : editStored(base, document, parts)
}
