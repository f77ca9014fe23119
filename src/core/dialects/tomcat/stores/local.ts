import { atKey } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { report } from '../codes.ts'
import { features, hasSince } from '../release.ts'
import { xmlNode } from '../xml/write.ts'
import { noParts, type StoreParts } from './parts.ts'

const manager = xmlNode('Manager', [['pathname', 'SESSIONS.ser']])

const needsManager = ({ version }: TomcatApp): boolean =>
  hasSince(version, features.losesSessionsOnRestart)

/** Sessions in the memory of each server, saved at shutdown. */
export const localStore = (app: TomcatApp): StoreParts =>
  needsManager(app) ? { ...noParts, manager } : noParts

/** Reports that the Manager of `localStore` is added. */
export const reportKeptSessions = (app: TomcatApp, findings: Findings): void => {
  if (!needsManager(app)) return
  const message = `<Manager pathname="SESSIONS.ser"/> is added: by default Tomcat ${app.version.text} loses all sessions at a restart`
  report(findings, 'tomcat-restart-sessions', atKey([...app.path, 'version']), message, null)
}
