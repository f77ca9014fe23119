import { atKey, atValue, type Place } from '../../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { type BaseFile, inBase } from '../base-file.ts'
import { classOf, effectiveChild, nodeClassOf, valueIn } from '../edit/match.ts'
import { attributeOf, attributeValue, childrenOf, type XmlElement } from '../xml/document.ts'
import { parseXml } from '../xml/parse.ts'
import type { XmlNode } from '../xml/write.ts'

/** A value in a file. */
export interface Setting {
  readonly value: string
  readonly at: Place
}

export interface ManagerSetting {
  readonly className: string
  /** '': sessions are lost at a restart; null: not set. */
  readonly pathname: string | null
  readonly at: Place
}

/** Attributes of a Context that determine its session cookie. */
export const cookieAttributes = [
  'sessionCookieName',
  'sessionCookiePath',
  'sessionCookieDomain',
] as const

export type CookieAttribute = (typeof cookieAttributes)[number]
export type CookieSettings = Readonly<Record<CookieAttribute, Setting | null>>

/** What one file sets for a context. */
export interface Layer {
  /** The place of the Context element. */
  readonly at: Place
  /** override="true": the defaults of Tomcat and of the Host are not read. */
  readonly isOverride: boolean
  readonly manager: ManagerSetting | null
  /** Managers of the file before the last one, which Tomcat does not use. */
  readonly unused: readonly Place[]
  readonly cookie: CookieSettings
  /** Whether sessctl writes the file. */
  readonly isWritten: boolean
}

/** The settings of a Context element: the root of a context file, or an element of server.xml. */
export const layerOf = (base: BaseFile, context: XmlElement = base.document.root): Layer => {
  const settingOf = (name: CookieAttribute): Setting | null => {
    const attribute = attributeOf(context, name)
    return attribute && { value: attribute.value, at: inBase(base, attribute.valueStart) }
  }
  const manager = effectiveChild(context, 'Manager')
  const unused = childrenOf(context, 'Manager').slice(0, -1)
  return {
    at: inBase(base, context.start),
    isOverride: attributeValue(context, 'override')?.toLowerCase() === 'true',
    manager: manager && {
      className: classOf(manager) ?? '',
      pathname: attributeValue(manager, 'pathname'),
      at: inBase(base, manager.start),
    },
    unused: unused.map(({ start }) => inBase(base, start)),
    cookie: {
      sessionCookieName: settingOf('sessionCookieName'),
      sessionCookiePath: settingOf('sessionCookiePath'),
      sessionCookieDomain: settingOf('sessionCookieDomain'),
    },
    isWritten: false,
  }
}

/**
 * The settings of the context file that sessctl writes: those of the spec, else of the edited file.
 * @param manager the Manager of the session store; null: none.
 */
export const writtenLayer = (
  app: TomcatApp,
  base: BaseFile | null,
  manager: XmlNode | null,
): Layer => {
  const existing = base === null ? null : layerOf(base)
  const { name, path, domain, specPath } = app.cookie
  const settingOf = (
    attribute: CookieAttribute,
    key: string,
    value: string | null,
  ): Setting | null =>
    value === null
      ? (existing?.cookie[attribute] ?? null)
      : { value, at: atValue([...specPath, key]) }
  const own = manager && {
    className: nodeClassOf(manager) ?? '',
    pathname: valueIn(manager, 'pathname'),
    at: atKey([...app.path, 'sessions']),
  }
  // With local sessions the Manager of an edited file is kept.
  const kept = app.sessions.store === 'local' ? (existing?.manager ?? null) : null
  return {
    at: atKey([...app.path, 'context']),
    isOverride: existing?.isOverride ?? false,
    manager: kept ?? own,
    unused: [],
    cookie: {
      sessionCookieName: settingOf('sessionCookieName', 'name', name),
      sessionCookiePath: settingOf('sessionCookiePath', 'path', path),
      sessionCookieDomain: settingOf('sessionCookieDomain', 'domain', domain),
    },
    isWritten: true,
  }
}

/** The settings of `<session-config><cookie-config>` in a web.xml; null: none, or not readable. */
export const webXmlCookie = (file: string, bytes: Uint8Array): CookieSettings | null => {
  const parsed = parseXml(bytes)
  if (!parsed.ok) return null
  const document = parsed.value
  const session = effectiveChild(document.root, 'session-config')
  const config = session && effectiveChild(session, 'cookie-config')
  if (config === null) return null
  const settingOf = (name: string): Setting | null => {
    const element = effectiveChild(config, name)
    if (element === null) return null
    const value = document.text.slice(element.openEnd, element.closeStart).trim()
    return value === '' ? null : { value, at: inBase({ file, document }, element.openEnd) }
  }
  return {
    sessionCookieName: settingOf('name'),
    sessionCookiePath: settingOf('path'),
    sessionCookieDomain: settingOf('domain'),
  }
}
