import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Attribute } from './attribute.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import type { ContextParts } from './context-view.ts'
import type { Edited } from './edit-server.ts'
import { attributeValue, childrenOf, type XmlDocument } from './xml/document.ts'
import { insertChild } from './xml/insert-child.ts'
import { reparse } from './xml/parse.ts'
import { setAttribute } from './xml/set-attribute.ts'
import { applySplices, type Splice } from './xml/splice.ts'

const standardManager = 'org.apache.catalina.session.StandardManager'

const applied = (document: XmlDocument, splices: readonly Splice[]): XmlDocument =>
  splices.length === 0 ? document : reparse(document, applySplices(document.text, splices))

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

const withManager = (
  document: XmlDocument,
  attributes: readonly Attribute[] | null,
): XmlDocument => {
  if (attributes === null) return document
  const [existing] = childrenOf(document.root, 'Manager')
  if (existing === undefined) {
    const node = { name: 'Manager', attributes, children: [] }
    return applied(document, insertChild(document, document.root, node, { kind: 'last' }))
  }
  const gaps = attributes.filter(([name]) => attributeValue(existing, name) === null)
  return applied(
    document,
    gaps.flatMap(([name, value]) => setAttribute(document, existing, name, value)),
  )
}

/** The existing context file with the cookie and the local Manager that the spec asks for, and no other change. */
export const editContext = (base: BaseFile, parts: ContextParts): Edited => {
  const foreign = foreignManager(base)
  const problem = foreign ?? forgetfulManager(base)
  const withCookies = withCookieProcessor(
    withAttributes(base.document, parts.attributes),
    parts.cookieProcessor,
  )
  const edited = foreign === null ? withManager(withCookies, parts.manager) : withCookies
  return { text: edited.text, diagnostics: problem === null ? [] : [problem] }
}
