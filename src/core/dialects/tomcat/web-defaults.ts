import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import type { TomcatApp } from '../../model/app.ts'
import { formatDuration } from '../../model/duration.ts'
import { lifetimeOf } from '../../model/sessions.ts'
import type { Page } from '../dialect.ts'
import { contextFolderOf } from './context-path.ts'
import type { PlacedInstance } from './ports.ts'

/** For templates/tomcat/web-defaults.hbs. */
export interface WebDefaultsView {
  /** Minutes; null: the default of conf/web.xml. */
  readonly timeout: number | null
  readonly isSecure: boolean
}

/** `<session-timeout>`: whole minutes. */
export const sessionTimeoutOf = ({ sessions }: TomcatApp): number | null => {
  const lifetimeMs = lifetimeOf(sessions)
  return lifetimeMs === null ? null : Math.ceil(lifetimeMs / 60_000)
}

const reportRounded = (app: TomcatApp, findings: Findings): void => {
  const lifetimeMs = lifetimeOf(app.sessions)
  if (lifetimeMs === null || lifetimeMs % 60_000 === 0) return
  const minutes = sessionTimeoutOf(app)
  notFollowed(
    findings,
    [...app.sessions.path, 'lifetime'],
    'Tomcat',
    `session-timeout counts whole minutes: ${formatDuration(lifetimeMs)} is written as ${minutes}`,
    `write lifetime: ${minutes}m`,
  )
}

/** Whether the spec sets something that a Context cannot hold. */
export const hasWebDefaults = ({ app }: PlacedInstance): boolean =>
  sessionTimeoutOf(app) !== null || app.cookie.secure === true

/**
 * Timeout and Secure are settings of a web.xml only: Tomcat merges web.xml.default of the Host into the
 * web.xml of each application, before conf/web.xml.
 */
export const webDefaultsPages = (instance: PlacedInstance, findings: Findings): readonly Page[] => {
  const { app, bases, server } = instance
  reportRounded(app, findings)
  if (app.cookie.secure === false) {
    const why = 'Tomcat marks the cookie as Secure whenever the request came over HTTPS'
    notFollowed(findings, [...app.cookie.specPath, 'secure'], 'Tomcat', why)
  }
  if (!hasWebDefaults(instance)) return []
  const view: WebDefaultsView = {
    timeout: sessionTimeoutOf(app),
    isSecure: app.cookie.secure === true,
  }
  const path = `tomcat/${server.name}/conf/${contextFolderOf(bases.server)}/web.xml.default`
  return [{ kind: 'template', path, template: 'tomcat/web-defaults', view }]
}
