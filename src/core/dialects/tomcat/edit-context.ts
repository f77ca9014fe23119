import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { TomcatSessions } from '../../model/sessions.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import type { ContextParts } from './context-view.ts'
import { changeDiagnostic } from './edit/change.ts'
import { fittingResources } from './edit/data-source.ts'
import { classOf, effectiveChild } from './edit/element-class.ts'
import { changesOf, putChild, withoutChildren } from './edit-elements.ts'
import type { Edited } from './edit-server.ts'
import { attributeOf, attributeValue, childrenOf, type XmlDocument } from './xml/document.ts'
import { applied, insertChild, setAttribute } from './xml/edit.ts'
import type { Attribute, XmlNode } from './xml/write.ts'

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
  const existing = effectiveChild(document.root, 'CookieProcessor')
  if (existing !== null)
    return applied(
      document,
      attributes.flatMap(([name, value]) => setAttribute(document, existing, name, value)),
    )
  const node = { name: 'CookieProcessor', attributes, children: [] }
  return applied(document, insertChild(document, document.root, node, { kind: 'last' }))
}

/** What the cookie of the spec changes of what the file says. */
const cookieChanges = (base: BaseFile, parts: ContextParts): readonly Diagnostic[] => {
  const { root } = base.document
  const processor = effectiveChild(root, 'CookieProcessor')
  const pairs = [
    ...parts.attributes.map((attribute) => [root, attribute] as const),
    ...(processor === null ? [] : parts.cookieProcessor.map((one) => [processor, one] as const)),
  ]
  return pairs.flatMap(([element, [name, to]]) => {
    const from = attributeOf(element, name)?.value ?? null
    return from === null || from === to
      ? []
      : [changeDiagnostic(base, { kind: 'attribute', element, name, from, to })]
  })
}

/** A Manager of another kind stays: replacing it would move everybody's sessions. */
const foreignManager = (base: BaseFile): Diagnostic | null => {
  const existing = effectiveChild(base.document.root, 'Manager')
  const name = existing === null ? null : classOf(existing)
  if (existing === null || name === null || name === standardManager) return null
  const message = `the Manager of this file is ${name}, not Tomcat's own, and stays as it is`
  const help = 'remove the Manager, or name its session store in the spec'
  return report('tomcat-base-manager', inBase(base, existing.start), message, help)
}

/** Where the file says that no session outlives a restart, it means it. */
const forgetfulManager = (base: BaseFile): Diagnostic | null => {
  const existing = effectiveChild(base.document.root, 'Manager')
  if (existing === null || attributeValue(existing, 'pathname') !== '') return null
  const message = 'this Manager forgets all sessions at a restart (pathname=""), and stays as it is'
  const help = 'write pathname="SESSIONS.ser" to keep them'
  return report('tomcat-base-manager', inBase(base, existing.start), message, help)
}

/** Tomcat reads all and keeps the last. */
const deadManagers = (base: BaseFile): readonly Diagnostic[] =>
  childrenOf(base.document.root, 'Manager')
    .slice(0, -1)
    .map(({ start }) => {
      const message = 'this Manager has no effect: Tomcat uses the last one of the file'
      return report('tomcat-base-choice', inBase(base, start), message, null)
    })

const withLocalManager = (
  document: XmlDocument,
  attributes: readonly Attribute[] | null,
): XmlDocument => {
  if (attributes === null) return document
  const existing = effectiveChild(document.root, 'Manager')
  if (existing === null) return putChild(document, { name: 'Manager', attributes, children: [] })
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

/** With a Cluster the context has no Manager of its own. */
const removedManager = (base: BaseFile): readonly Diagnostic[] => {
  const existing = effectiveChild(base.document.root, 'Manager')
  if (existing === null) return []
  const message = `the Manager of this file (${classOf(existing)}) is left out, since the one of the Cluster would not be used`
  return [report('tomcat-base-store', inBase(base, existing.start), message, null)]
}

/** Another store is asked for by name: what the file says of sessions gives way. */
const editStored = (base: BaseFile, document: XmlDocument, { store }: ContextParts): Edited => {
  const { valves, manager } = store
  const fitted = fittingResources(base.document, store)
  const nodes: readonly XmlNode[] = [
    ...(fitted.manager === null ? [] : [fitted.manager]),
    ...fitted.resources,
    ...valves,
  ]
  const bare = manager === null ? withoutChildren(document, 'Manager') : document
  const edited = nodes.reduce((one, node) => putChild(one, node), bare)
  const changes = nodes.flatMap((node) => changesOf(base.document, node))
  return {
    text: edited.text,
    diagnostics: [
      ...(manager === null ? removedManager(base) : []),
      ...changes.map((change) => changeDiagnostic(base, change)),
    ],
  }
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
  if (store === 'none') return { text: document.text, diagnostics: cookieChanges(base, parts) }
  const { text, diagnostics } =
    store === 'local' ? editLocal(base, document, parts) : editStored(base, document, parts)
  return {
    text,
    diagnostics: [...cookieChanges(base, parts), ...deadManagers(base), ...diagnostics],
  }
}
