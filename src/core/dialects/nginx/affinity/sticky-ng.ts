import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { atLeast } from '../../../model/version.ts'
import { report } from '../codes.ts'
import { duration } from '../durations.ts'
import type { Features } from '../features.ts'
import { serverDirective, stateOf, upstreamBlock } from '../upstream-block.ts'
import { checkExpires, checkExpiresMax, checkMode } from './cookies.ts'
import {
  type Implementation,
  singleBlock,
  type UpstreamConfiguration,
  type UpstreamContext,
} from './implementation.ts'

const missing = ({ modules, base }: Features): string | null => {
  if (!modules.has('sticky-ng')) return 'modules: [sticky-ng]'
  return atLeast(base, '1.29.6')
    ? 'an nginx older than 1.29.6 (newer ones have a "sticky" directive of their own)'
    : null
}

const params = (affinity: StickyCookieAffinity): string[] => {
  const { cookie, domain, cookiePath, expires, secure, httpOnly } = affinity
  const args = [`name=${cookie}`]
  if (domain !== null) args.push(`domain=${domain}`)
  args.push(`path=${cookiePath}`)
  if (expires !== null && expires !== 'max') args.push(`expires=${duration(expires.ms)}`)
  if (secure) args.push('secure')
  if (httpOnly) args.push('httponly')
  return args
}

const configure = (
  affinity: StickyCookieAffinity,
  { upstream, features }: UpstreamContext,
  findings: Findings,
): UpstreamConfiguration => {
  // Its published sources do not compile with newer releases (refinitiv #9, #14).
  if (atLeast(features.base, '1.23.0')) {
    report(
      findings,
      'nginx-sticky-ng-build',
      atValue([...affinity.path, 'method']),
      `no published release of sticky-ng compiles with ${features.label}: nginx 1.23.0 changed its cookie API`,
      'use nginx 1.29.6 or later, which has "sticky" built in',
    )
  }
  const block = {
    ...upstreamBlock(upstream, features, null),
    stickyNg: params(affinity),
    servers: upstream.servers.map((server) => serverDirective(server, stateOf(server))),
  }
  return { ...singleBlock(block), ignoresChecks: 'the sticky-ng module' }
}

/**
 * nginx-sticky-module-ng: a balancing method, so its directive comes first. It accesses the servers as an
 * array, which a zone is not, and ignores backup and max_conns.
 */
export const stickyNg = (affinity: StickyCookieAffinity, features: Features): Implementation => ({
  via: 'module',
  title: 'the sticky-ng module',
  missing: missing(features),
  capabilities: {
    balance: 'round_robin',
    backup: false,
    drain: false,
    // Its no_fallback also rejects clients without a cookie.
    strict: false,
    zone: false,
    maxConns: false,
    maxBusy: false,
    routes: false,
  },
  check: (findings) => {
    checkExpires(affinity, findings)
    checkExpiresMax(affinity, 'the sticky-ng module', findings)
    checkMode(affinity, 'the sticky-ng module', findings)
    if (affinity.sameSite === null) return
    report(
      findings,
      'nginx-cookie-attribute',
      atValue([...affinity.path, 'sameSite']),
      'the sticky-ng module does not support "samesite"',
      'use nginx 1.29.6 or later',
    )
  },
  configure: (context, findings) => configure(affinity, context, findings),
})
