import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { FileSessions } from '../../../model/sessions.ts'
import { report } from '../codes.ts'
import { features, hasSince, sinceOf } from '../release.ts'
import { type XmlNode, xmlNode } from '../xml/write.ts'
import { noParts, type StoreParts } from './parts.ts'
import { reportText } from './secrets.ts'

/** Requests for static files do not use a session. */
const staticFiles = String.raw`.*\.(?:gif|js|jpe?g|png|css|ico|svg|woff2?)`

const persistentValve = ({ version }: TomcatApp): XmlNode =>
  xmlNode(
    'Valve',
    [
      ['className', 'org.apache.catalina.valves.PersistentValve'],
      ['filter', hasSince(version, features.persistentValveFilter) ? staticFiles : null],
    ],
    [],
    ['filter'],
  )

/** Changes the route of a session id to that of the server that takes over the session. */
const binderValve = xmlNode('Valve', [
  ['className', 'org.apache.catalina.ha.session.JvmRouteBinderValve'],
])

/**
 * A PersistentManager with a store. If the store is shared, each session is loaded before a request and
 * saved after it; otherwise idle sessions are saved, and all sessions at shutdown.
 */
export const persistentParts = (
  app: TomcatApp,
  affinity: Affinity,
  isShared: boolean,
  store: XmlNode,
): Pick<StoreParts, 'valves' | 'manager' | 'properties'> => {
  const hasAttribute = hasSince(app.version, features.activityCheckAttribute)
  const manager = xmlNode(
    'Manager',
    [
      ['className', 'org.apache.catalina.session.PersistentManager'],
      ['maxIdleBackup', isShared ? null : '0'],
      ['saveOnRestart', 'true'],
      ['sessionActivityCheck', hasAttribute ? 'true' : null],
    ],
    [store],
    ['maxIdleBackup', 'saveOnRestart'],
    ['saveOnRestart'],
  )
  const binder = affinity.method === 'jvm_route' ? [binderValve] : []
  return {
    valves: isShared ? [persistentValve(app), ...binder] : [],
    manager,
    properties: hasAttribute
      ? []
      : [['org.apache.catalina.session.StandardSession.ACTIVITY_CHECK', 'true']],
  }
}

/** FileStore: one file for each session. */
export const fileStore = (
  app: TomcatApp,
  { directory, isShared, path }: FileSessions,
  affinity: Affinity,
  findings: Findings,
): StoreParts => {
  reportText(directory, [...path, 'directory'], findings)
  const { version } = app
  if (isShared && !hasSince(version, features.atomicFileStore)) {
    const first = sinceOf(version, features.atomicFileStore)
    report(
      findings,
      'tomcat-file-store-torn',
      atValue([...path, 'store']),
      `with Tomcat ${version.text} a server can read an incomplete file that another server is writing, and lose the session`,
      first === null
        ? 'use store: jdbc: no release of this line writes the files atomically'
        : `set the version to "${first}" or later, or use store: jdbc or redisson`,
    )
  }
  const store = xmlNode('Store', [
    ['className', 'org.apache.catalina.session.FileStore'],
    ['directory', directory],
  ])
  return { ...noParts, ...persistentParts(app, affinity, isShared, store) }
}
