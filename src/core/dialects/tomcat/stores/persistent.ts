import type { Affinity } from '../../../model/affinity.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { features, hasSince } from '../release.ts'
import type { XmlNode } from '../xml/write.ts'
import { element, type StoreParts } from './parts.ts'

/** Requests for these touch no session. */
const staticFiles = String.raw`.*\.(?:gif|js|jpe?g|png|css|ico|svg|woff2?)`

/** Whether sessions move to the route of the server that takes them over. */
const isByRoute = ({ method }: Affinity): boolean => method === 'jvm_route'

const persistentValve = ({ version }: TomcatApp): XmlNode =>
  element(
    'Valve',
    [
      ['className', 'org.apache.catalina.valves.PersistentValve'],
      ['filter', hasSince(version, features.persistentValveFilter) ? staticFiles : null],
    ],
    [],
    ['filter'],
  )

const binderValve = element('Valve', [
  ['className', 'org.apache.catalina.ha.session.JvmRouteBinderValve'],
])

/**
 * PersistentManager around a store. Shared, it reads each session before a request and writes it
 * after; otherwise it writes what was idle for a moment, and everything when Tomcat stops.
 */
export const persistentParts = (
  app: TomcatApp,
  affinity: Affinity,
  isShared: boolean,
  store: XmlNode,
): Pick<StoreParts, 'valves' | 'manager' | 'properties'> => {
  const hasAttribute = hasSince(app.version, features.activityCheckAttribute)
  const manager = element(
    'Manager',
    [
      ['className', 'org.apache.catalina.session.PersistentManager'],
      ['maxIdleBackup', isShared ? null : '0'],
      ['saveOnRestart', 'true'],
      ['sessionActivityCheck', hasAttribute ? 'true' : null],
    ],
    [store],
    ['maxIdleBackup', 'saveOnRestart'],
  )
  return {
    valves: isShared ? [persistentValve(app), ...(isByRoute(affinity) ? [binderValve] : [])] : [],
    manager,
    properties: hasAttribute
      ? []
      : [['org.apache.catalina.session.StandardSession.ACTIVITY_CHECK', 'true']],
  }
}
