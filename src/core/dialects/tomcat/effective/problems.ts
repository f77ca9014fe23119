import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { isReplicated } from '../../../model/sessions.ts'
import { report } from '../codes.ts'
import {
  contextsOf,
  definingLayer,
  type EffectiveContext,
  effectiveContext,
  type KnownContext,
} from './contexts.ts'
import type { ExistingFiles } from './existing-files.ts'
import { cookieAttributes, type Layer } from './layer.ts'

const standardManager = 'org.apache.catalina.session.StandardManager'

const labelOf = ({ name }: KnownContext): string =>
  name === null
    ? 'every context'
    : `context /${name
        .replace(/\.xml$/, '')
        .replace(/^ROOT$/, '')
        .replaceAll('#', '/')}`

interface Reason {
  readonly at: Place
  readonly why: string
  readonly remedy: string
}

/** Why Tomcat does not read the file that sessctl writes; null: it reads it. */
const reasonNotRead = ({ layers }: KnownContext, { read }: EffectiveContext): Reason | null => {
  const { inline, descriptor } = layers
  const own = definingLayer(layers)
  if (own === null || read.some(({ isWritten }) => isWritten)) return null
  return inline !== null && descriptor?.isWritten === true
    ? {
        at: inline.at,
        why: 'for a Context in server.xml Tomcat reads no context file',
        remedy: 'remove this Context from server.xml, or `context` from the spec',
      }
    : {
        at: own.at,
        why: 'with override="true" Tomcat does not read conf/context.xml',
        remedy: 'remove override="true", or set `context` in the spec to this path',
      }
}

const reportLocalManager = (
  context: KnownContext,
  { manager }: EffectiveContext,
  findings: Findings,
): void => {
  if (manager === null || manager.layer.isWritten) return
  const { at, className, pathname } = manager.setting
  if (className !== standardManager) {
    const message = `${labelOf(context)} stores its sessions with ${className}, not locally as in the spec`
    const help = 'remove this Manager, or name its session store in the spec'
    report(findings, 'tomcat-context-local', at, message, help)
  } else if (pathname === '') {
    const message = `${labelOf(context)} loses all sessions at a restart: this Manager has pathname=""`
    const help = 'write pathname="SESSIONS.ser" to keep the sessions'
    report(findings, 'tomcat-context-local', at, message, help)
  }
}

const reportManager = (
  app: TomcatApp,
  context: KnownContext,
  effective: EffectiveContext,
  findings: Findings,
): void => {
  const { store } = app.sessions
  const { manager } = effective
  if (manager?.layer.isWritten === true) return
  const label = labelOf(context)
  if (manager !== null) {
    const { at, className } = manager.setting
    const message = `${label} stores its sessions with ${className}, not in store ${store} of the spec: Tomcat uses this Manager`
    const help = 'remove this Manager, so that Tomcat uses the Manager that sessctl writes'
    report(findings, 'tomcat-context-manager', at, message, help)
    return
  }
  // A context without a Manager gets that of the Cluster.
  const reason = isReplicated(app.sessions) ? null : reasonNotRead(context, effective)
  if (reason === null) return
  const message = `${label} does not store its sessions in store ${store} of the spec: ${reason.why}`
  report(findings, 'tomcat-context-manager', reason.at, message, reason.remedy)
}

const reportCookie = (
  { cookie }: TomcatApp,
  context: KnownContext,
  effective: EffectiveContext,
  findings: Findings,
): void => {
  const wanted = {
    sessionCookieName: cookie.name,
    sessionCookiePath: cookie.path,
    sessionCookieDomain: cookie.domain?.replace(/^\./, '') ?? null,
  }
  for (const attribute of cookieAttributes) {
    const value = wanted[attribute]
    const setting = effective.cookie[attribute]
    const at = setting?.at ?? reasonNotRead(context, effective)?.at
    const actual = setting?.value.replace(/^\./, '') ?? null
    if (value === null || at === undefined || actual === value) continue
    const found = actual === null ? 'the default' : `"${actual}"`
    const message = `${attribute} of ${labelOf(context)} is ${found}, not "${value}" as in the spec`
    const help = 'write the same value in both files, or remove it from this file'
    report(findings, 'tomcat-context-cookie', at, message, help)
  }
}

/** Reports where existing files override the spec for a context. */
export const reportContexts = (files: ExistingFiles, written: Layer, findings: Findings): void => {
  const { app } = files.instance
  const isLocal = app.sessions.store === 'local'
  for (const context of contextsOf(files, written)) {
    const effective = effectiveContext(context.layers)
    if (isLocal) reportLocalManager(context, effective, findings)
    else reportManager(app, context, effective, findings)
    reportCookie(app, context, effective, findings)
  }
}
