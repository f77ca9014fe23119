import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../model/app.ts'
import { report } from './codes.ts'
import { features, hasSince } from './release.ts'
import type { Attribute } from './xml/write.ts'

export interface Manager {
  /** null: Tomcat's own default is right, and no element is written. */
  readonly attributes: readonly Attribute[] | null
  readonly diagnostics: readonly Diagnostic[]
}

/** The manager of sessions that live in one Tomcat only. */
export const localManagerOf = ({ version, path }: TomcatApp): Manager =>
  hasSince(version, features.losesSessionsOnRestart)
    ? {
        attributes: [['pathname', 'SESSIONS.ser']],
        diagnostics: [
          report(
            'tomcat-restart-sessions',
            atKey([...path, 'version']),
            `Tomcat ${version.text} would forget all sessions at a restart: <Manager pathname="SESSIONS.ser"/> keeps them`,
            null,
          ),
        ],
      }
    : { attributes: null, diagnostics: [] }
