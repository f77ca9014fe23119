import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Affinity } from '../affinity.ts'
import type { App } from '../app.ts'
import { durationMs } from '../duration.ts'
import { servletCookie, sessionCookieOf } from '../session-cookie.ts'

type SpecAffinity = NonNullable<Spec['upstreams'][string]['affinity']>
type Sticky = Extract<SpecAffinity, { method: 'sticky' }>

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value

const expiresOf = (text: string | undefined): { ms: number } | 'max' | null => {
  if (text === undefined) return null
  return text === 'max' ? 'max' : { ms: durationMs(text) }
}

const resolveSticky = (written: Sticky, path: SpecPath): Affinity => {
  const common = { method: 'sticky', path, onFailure: written.onFailure, via: written.via } as const
  if (written.by === 'route') return { ...common, by: 'route', from: written.from }
  if (written.by === 'learn') {
    return {
      ...common,
      by: 'learn',
      create: list(written.create),
      lookup: list(written.lookup),
      zone: written.zone,
      timeoutMs: durationMs(written.timeout),
    }
  }
  return {
    ...common,
    by: 'cookie',
    cookie: written.cookie,
    expires: expiresOf(written.expires),
    domain: written.domain ?? null,
    cookiePath: written.path,
    httpOnly: written.httpOnly,
    secure: written.secure,
    sameSite: written.sameSite ?? null,
    mode: written.mode,
    indirect: written.indirect,
    nocache: written.nocache,
  }
}

export const resolveAffinity = (
  written: SpecAffinity | undefined,
  app: App,
  path: SpecPath,
): Affinity => {
  if (!written || written.method === 'none') return { method: 'none', path }
  if (written.method === 'sticky') return resolveSticky(written, path)
  const common = { path, onFailure: written.onFailure, via: written.via }
  if (written.method === 'ip_hash') return { ...common, method: 'ip_hash' }
  if (written.method === 'hash') {
    return { ...common, method: 'hash', key: written.key, consistent: written.consistent }
  }
  const cookie = written.cookie ?? sessionCookieOf(app) ?? servletCookie
  return {
    ...common,
    method: 'jvm_route',
    cookie,
    url: written.url ?? cookie.toLowerCase(),
    named: { cookie: written.cookie !== undefined, url: written.url !== undefined },
    reverse: written.reverse,
    mode: written.mode ?? null,
  }
}
