import type { Diagnostic, Place } from '../../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { isReplicated } from '../../../model/sessions.ts'
import { report } from '../codes.ts'
import { contextsOf, type KnownContext } from './contexts.ts'
import { type EffectiveContext, effectiveContext } from './effective-context.ts'
import { cookieAttributes, type Layer } from './layer.ts'
import type { Site } from './site.ts'

const standardManager = 'org.apache.catalina.session.StandardManager'

const pathOf = ({ name }: KnownContext): string =>
  name === null
    ? 'every context'
    : `context /${name
        .replace(/\.xml$/, '')
        .replace(/^ROOT$/, '')
        .replaceAll('#', '/')}`

/** What keeps Tomcat from reading what sessctl writes; null where it reads it. */
const reasonNotRead = (
  { layers }: KnownContext,
  { read }: EffectiveContext,
): { readonly at: Place; readonly why: string } | null => {
  const { inline, descriptor, application } = layers
  if (read.some(({ isWritten }) => isWritten)) return null
  const own: Layer | null = inline ?? descriptor ?? application
  if (own === null) return null
  return inline !== null && descriptor?.isWritten === true
    ? { at: inline.at, why: 'a Context in server.xml leaves no room for a context file' }
    : { at: own.at, why: 'override="true" leaves out conf/context.xml' }
}

const localProblem = (
  context: KnownContext,
  effective: EffectiveContext,
): readonly Diagnostic[] => {
  const { manager } = effective
  if (manager === null || manager.layer.isWritten) return []
  const { said } = manager
  if (said.className !== standardManager) {
    const message = `${pathOf(context)} keeps its sessions in ${said.className}, not in each server as the spec says`
    const help = 'remove this Manager, or name its session store in the spec'
    return [report('tomcat-context-local', said.at, message, help)]
  }
  if (said.pathname !== '') return []
  const message = `${pathOf(context)} forgets all sessions at a restart: this Manager says pathname=""`
  const help = 'write pathname="SESSIONS.ser" to keep them'
  return [report('tomcat-context-local', said.at, message, help)]
}

const managerProblem = (
  app: TomcatApp,
  context: KnownContext,
  effective: EffectiveContext,
): readonly Diagnostic[] => {
  const { store } = app.sessions
  if (store === 'local') return localProblem(context, effective)
  const { manager } = effective
  if (manager?.layer.isWritten === true) return []
  if (manager !== null) {
    const { className, at } = manager.said
    const message = `${pathOf(context)} keeps its sessions in ${className}, not in store ${store} of the spec: this Manager is the one that Tomcat uses`
    const help = 'remove this Manager, so that the one that sessctl writes is used'
    return [report('tomcat-context-manager', at, message, help)]
  }
  // The Cluster gives a Manager to every context that has none.
  if (isReplicated(app.sessions)) return []
  const reason = reasonNotRead(context, effective)
  if (reason === null) return []
  const message = `${pathOf(context)} does not keep its sessions in store ${store} of the spec: ${reason.why}`
  const help = reason.why.startsWith('override')
    ? 'remove the override, or write `context` in the spec for this path'
    : 'remove this Context from server.xml, or leave `context` out of the spec'
  return [report('tomcat-context-manager', reason.at, message, help)]
}

/** What the spec says of the cookie and something else decides. */
const cookieProblems = (
  app: TomcatApp,
  context: KnownContext,
  effective: EffectiveContext,
): readonly Diagnostic[] => {
  const { name, path, domain } = app.cookie
  const wanted = [name, path, domain?.replace(/^\./, '') ?? null]
  return cookieAttributes.flatMap((attribute, index) => {
    const value = wanted[index] ?? null
    const said = effective.cookie[attribute]
    const reason = reasonNotRead(context, effective)
    const at = said?.at ?? reason?.at
    const is = said?.value.replace(/^\./, '') ?? null
    if (value === null || at === undefined || is === value) return []
    const message = `${pathOf(context)} has ${attribute} ${is === null ? 'of Tomcat itself' : `"${is}"`} here, not "${value}" of the spec`
    return [
      report('tomcat-context-cookie', at, message, 'write the same in both, or remove it here'),
    ]
  })
}

/** Where existing files decide otherwise than the spec for a context. */
export const contextProblems = (site: Site, written: Layer): readonly Diagnostic[] => {
  const { app } = site.instance
  return contextsOf(site, written).flatMap((context) => {
    const effective = effectiveContext(context.layers)
    return [...managerProblem(app, context, effective), ...cookieProblems(app, context, effective)]
  })
}
