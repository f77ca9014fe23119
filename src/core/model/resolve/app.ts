import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { App, AppCookie } from '../app.ts'
import type { Store } from '../store.ts'
import { resolveRelease } from './release.ts'
import {
  resolveDjangoSessions,
  resolvePhpSessions,
  resolveSpringSessions,
  resolveTomcatSessions,
} from './sessions.ts'

type SpecApp = NonNullable<Spec['upstreams'][string]['app']>
type SpecTomcat = Extract<SpecApp, { runtime: 'tomcat' }>

const resolveCookie = (written: SpecTomcat['cookie'], specPath: SpecPath): AppCookie => ({
  name: written?.name ?? null,
  path: written?.path ?? null,
  domain: written?.domain ?? null,
  sameSite: written?.sameSite ?? null,
  httpOnly: written?.httpOnly ?? null,
  specPath,
})

export const resolveApp = (
  written: SpecApp | undefined,
  path: SpecPath,
  stores: readonly Store[],
  findings: Findings,
): App => {
  if (!written || written.runtime === 'none') return { runtime: 'none' }
  const version = resolveRelease(written.runtime, written.version, [...path, 'version'], findings)
  const lookup = { stores, path: [...path, 'sessions'], findings }
  switch (written.runtime) {
    case 'spring': {
      const sessions = resolveSpringSessions(written.sessions, lookup)
      return { runtime: 'spring', version, sessions, path }
    }
    case 'php': {
      const sessions = resolvePhpSessions(written.sessions, lookup)
      return { runtime: 'php', version, sessions, path }
    }
    case 'django': {
      const sessions = resolveDjangoSessions(written.sessions, lookup)
      return { runtime: 'django', version, sessions, path }
    }
    case 'tomcat':
      return {
        runtime: 'tomcat',
        version,
        context: written.context ?? null,
        cookie: resolveCookie(written.cookie, [...path, 'cookie']),
        sentCookie: null,
        webapp: written.webapp ?? null,
        base: written.tomcat?.base ?? null,
        contextBase: written.tomcat?.contextBase ?? null,
        sessions: resolveTomcatSessions(written.sessions, lookup),
        path,
      }
  }
}
