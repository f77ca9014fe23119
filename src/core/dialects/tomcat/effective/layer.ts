import type { Place } from '../../../diagnostics/diagnostic.ts'
import { type BaseFile, inBase } from '../base-file.ts'
import { classOf, effectiveChild } from '../edit/element-class.ts'
import { attributeOf, attributeValue, type XmlElement } from '../xml/document.ts'

/** Something that a file says, and where. */
export interface Said {
  readonly value: string
  readonly at: Place
}

export interface SaidManager {
  readonly className: string
  /** '': it forgets its sessions at a restart; null: not said. */
  readonly pathname: string | null
  readonly at: Place
}

/** Attributes of a Context that decide what its session cookie is. */
export const cookieAttributes = [
  'sessionCookieName',
  'sessionCookiePath',
  'sessionCookieDomain',
] as const

export type CookieAttribute = (typeof cookieAttributes)[number]
export type SaidCookie = Readonly<Record<CookieAttribute, Said | null>>

/** What one file says about a context. */
export interface Layer {
  /** As messages call it. */
  readonly file: string
  /** Of the Context element. */
  readonly at: Place
  /** The defaults of Tomcat and of the host are not read; only the file that makes the context may say so. */
  readonly isOverride: boolean
  readonly manager: SaidManager | null
  readonly cookie: SaidCookie
  /** What sessctl writes. */
  readonly isWritten: boolean
}

const managerOf = (base: BaseFile, context: XmlElement): SaidManager | null => {
  const manager = effectiveChild(context, 'Manager')
  return manager === null
    ? null
    : {
        className: classOf(manager) ?? '',
        pathname: attributeValue(manager, 'pathname'),
        at: inBase(base, manager.start),
      }
}

const saidOf = (base: BaseFile, context: XmlElement, name: CookieAttribute): Said | null => {
  const attribute = attributeOf(context, name)
  if (attribute === null) return null
  return { value: attribute.value, at: inBase(base, attribute.valueStart) }
}

/** What a Context element of an existing file says: the root of a context file, or one in server.xml. */
export const layerOf = (base: BaseFile, context: XmlElement = base.document.root): Layer => ({
  file: base.file,
  at: inBase(base, context.start),
  isOverride: attributeValue(context, 'override')?.toLowerCase() === 'true',
  manager: managerOf(base, context),
  cookie: {
    sessionCookieName: saidOf(base, context, 'sessionCookieName'),
    sessionCookiePath: saidOf(base, context, 'sessionCookiePath'),
    sessionCookieDomain: saidOf(base, context, 'sessionCookieDomain'),
  },
  isWritten: false,
})
