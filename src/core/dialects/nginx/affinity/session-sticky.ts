import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { serverDirective, upstreamBlock } from '../upstream-block.ts'
import { checkExpires, checkExpiresMax } from './cookies.ts'
import {
  type Implementation,
  singleBlock,
  type UpstreamConfiguration,
  type UpstreamContext,
} from './implementation.ts'

const isHidden = ({ mode, indirect }: StickyCookieAffinity): boolean =>
  mode === 'prefix' || (mode === 'insert' && indirect)

/** In Tengine `server` has `id=`, for the cookie; elsewhere its value is a digest of the address. */
const hasIds = ({ flavor }: Features): boolean => flavor === 'tengine'

const params = (affinity: StickyCookieAffinity, features: Features): string[] => {
  const { cookie, domain, cookiePath, expires, mode, onFailure } = affinity
  const args = [`cookie=${cookie}`]
  if (domain !== null) args.push(`domain=${domain}`)
  args.push(`path=${cookiePath}`)
  if (expires !== null && expires !== 'max') args.push(`maxage=${expires.ms / 1000}`)
  args.push(`mode=${mode}`)
  if (isHidden(affinity)) args.push('option=indirect')
  args.push(`fallback=${onFailure === 'strict' ? 'off' : 'on'}`)
  if (hasIds(features)) args.push('hash=plain')
  return args
}

const noteServers = ({ upstream, features }: UpstreamContext, findings: Findings): void => {
  for (const { name, path, state } of upstream.servers) {
    if (state !== 'down') continue
    report(
      findings,
      'nginx-down-left-out',
      atValue([...path, 'state']),
      `"${name}" is left out of the upstream: session_sticky sends sessions to a server that is down`,
      null,
    )
  }
  if (upstream.check !== null && features.modules.has('upstream_check')) return
  report(
    findings,
    'nginx-session-sticky-blind',
    atValue([...upstream.affinity.path, 'method']),
    'session_sticky sends a pinned request to a dead server first, unless active health checks mark it as down',
    'add upstream_check to `modules`, and write a check for this upstream',
  )
}

/**
 * session_sticky checks neither `down` nor the failures of a pinned server. So a drained server is
 * marked `down`, which keeps its sessions, and one that is down is left out.
 */
const configure = (
  affinity: StickyCookieAffinity,
  context: UpstreamContext,
  findings: Findings,
): UpstreamConfiguration => {
  const { upstream, features } = context
  noteServers(context, findings)
  const block = {
    ...upstreamBlock(upstream, features, null),
    sessionSticky: params(affinity, features),
    servers: upstream.servers
      .filter(({ state }) => state !== 'down')
      .map((server) =>
        serverDirective(
          server,
          server.state === 'drain' ? 'down' : null,
          hasIds(features) ? [`id=${server.route}`] : [],
        ),
      ),
  }
  return { ...singleBlock(block), hideCookieOf: isHidden(affinity) ? upstream.name : null }
}

/** The module of Tengine: a balancing method, which ignores most parameters of `server`. */
export const sessionSticky = (
  affinity: StickyCookieAffinity,
  features: Features,
): Implementation => ({
  via: 'module',
  title: 'the session_sticky module',
  missing: features.modules.has('session_sticky') ? null : 'modules: [session_sticky]',
  capabilities: {
    balance: 'round_robin',
    backup: false,
    drain: true,
    strict: true,
    zone: false,
    maxConns: false,
    maxBusy: false,
    routes: hasIds(features),
  },
  check: (findings) => {
    checkExpires(affinity, findings)
    checkExpiresMax(affinity, 'session_sticky', findings)
    const { httpOnly, path, sameSite, secure } = affinity
    for (const [key, isSet] of Object.entries({ httpOnly, secure, sameSite: sameSite !== null })) {
      if (!isSet) continue
      report(
        findings,
        'nginx-cookie-attribute',
        atValue([...path, key]),
        `session_sticky does not support "${key}"`,
        'use Tengine 3.2.0 or later, which has "sticky" built in',
      )
    }
  },
  configure: (context, findings) => configure(affinity, context, findings),
})
