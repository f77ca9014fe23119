import type { Affinity } from '../../../model/affinity.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { FileSessions } from '../../../model/sessions.ts'
import { element, noParts, type StoreParts } from './parts.ts'
import { persistentParts } from './persistent.ts'
import { textProblems } from './secrets.ts'

/** Each session is a file. */
export const fileStore = (
  app: TomcatApp,
  { directory, isShared, path }: FileSessions,
  affinity: Affinity,
): StoreParts => {
  const store = element('Store', [
    ['className', 'org.apache.catalina.session.FileStore'],
    ['directory', directory],
  ])
  return {
    ...noParts,
    ...persistentParts(app, affinity, isShared, store),
    diagnostics: textProblems([{ text: directory, path: [...path, 'directory'] }]),
  }
}
