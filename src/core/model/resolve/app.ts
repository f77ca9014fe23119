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
type WithCookie = Exclude<SpecApp, { runtime: 'none' }>

const resolveCookie = (written: WithCookie['cookie'], specPath: SpecPath): AppCookie => ({
  name: written?.name ?? null,
  path: written?.path ?? null,
  domain: written?.domain ?? null,
  sameSite: written?.sameSite ?? null,
  secure: written?.secure ?? null,
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
  const cookie = resolveCookie(written.cookie, [...path, 'cookie'])
  switch (written.runtime) {
    case 'spring': {
      const sessions = resolveSpringSessions(written.sessions, lookup)
      return { runtime: 'spring', version, cookie, sessions, path }
    }
    case 'php': {
      const sessions = resolvePhpSessions(written.sessions, lookup)
      return { runtime: 'php', version, cookie, sessions, path }
    }
    case 'django': {
      const sessions = resolveDjangoSessions(written.sessions, lookup)
      return { runtime: 'django', version, cookie, sessions, path }
    }
    case 'tomcat':
      return {
        runtime: 'tomcat',
        version,
        context: written.context ?? null,
        cookie,
        sentCookie: null,
        webapp: written.webapp ?? null,
        base: written.tomcat?.base ?? null,
        contextBase: written.tomcat?.contextBase ?? null,
        sessions: resolveTomcatSessions(written.sessions, lookup),
        path,
      }
  }
}
