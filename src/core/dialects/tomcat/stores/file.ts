import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { FileSessions } from '../../../model/sessions.ts'
import { report } from '../codes.ts'
import { features, hasSince, sinceOf } from '../release.ts'
import { element, noParts, type StoreParts } from './parts.ts'
import { persistentParts } from './persistent.ts'
import { textProblems } from './secrets.ts'

/** Servers that share sessions read each other's files while they are written. */
const tornFiles = (
  { version }: TomcatApp,
  { isShared, path }: FileSessions,
): readonly Diagnostic[] => {
  if (!isShared || hasSince(version, features.atomicFileStore)) return []
  const first = sinceOf(version, features.atomicFileStore)
  return [
    report(
      'tomcat-file-store-torn',
      atValue([...path, 'store']),
      `a server of Tomcat ${version.text} may read a session that another one has half written, and lose it`,
      first === null
        ? 'no release of this line does better: share sessions with store: jdbc'
        : `name a release from "${first}" on, or share sessions with store: jdbc or redisson`,
    ),
  ]
}

/** Each session is a file. */
export const fileStore = (
  app: TomcatApp,
  sessions: FileSessions,
  affinity: Affinity,
): StoreParts => {
  const { directory, isShared, path } = sessions
  const store = element('Store', [
    ['className', 'org.apache.catalina.session.FileStore'],
    ['directory', directory],
  ])
  return {
    ...noParts,
    ...persistentParts(app, affinity, isShared, store),
    diagnostics: [
      ...textProblems([{ text: directory, path: [...path, 'directory'] }]),
      ...tornFiles(app, sessions),
    ],
  }
}
