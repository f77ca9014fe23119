import { atKey, atValue } from '../../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { BaseFile } from '../base-file.ts'
import { wantedClassOf } from '../edit/element-class.ts'
import type { XmlNode } from '../xml/write.ts'
import { type CookieAttribute, type Layer, layerOf, type Said, type SaidManager } from './layer.ts'

const nothing: Pick<Layer, 'isOverride' | 'manager' | 'cookie'> = {
  isOverride: false,
  manager: null,
  cookie: { sessionCookieName: null, sessionCookiePath: null, sessionCookieDomain: null },
}

/**
 * What the written context file will say: what the spec says, else what the edited file says.
 * @param manager the one of the session store; null: it has none.
 */
export const writtenLayer = (
  app: TomcatApp,
  base: BaseFile | null,
  manager: XmlNode | null,
): Layer => {
  const existing = base === null ? nothing : layerOf(base)
  const { name, path, domain, specPath } = app.cookie
  const said = (attribute: CookieAttribute, key: string, value: string | null): Said | null =>
    value === null ? existing.cookie[attribute] : { value, at: atValue([...specPath, key]) }
  const wanted: SaidManager | null =
    manager === null
      ? null
      : {
          className: wantedClassOf(manager) ?? '',
          pathname: manager.attributes.find(([key]) => key === 'pathname')?.[1] ?? null,
          at: atKey([...app.path, 'sessions']),
        }
  const isLocal = app.sessions.store === 'local'
  return {
    file: 'the context file that sessctl writes',
    at: atKey([...app.path, 'context']),
    isOverride: existing.isOverride,
    // With local sessions the Manager of the file stays.
    manager: isLocal ? (existing.manager ?? wanted) : wanted,
    cookie: {
      sessionCookieName: said('sessionCookieName', 'name', name),
      sessionCookiePath: said('sessionCookiePath', 'path', path),
      sessionCookieDomain: said('sessionCookieDomain', 'domain', domain),
    },
    isWritten: true,
  }
}
