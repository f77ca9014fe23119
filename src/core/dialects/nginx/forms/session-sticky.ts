import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import type { Server } from '../../../model/cluster.ts'
import { blockOf } from '../block.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { serverLine } from '../server-line.ts'
import { expiresProblems, foreverProblems } from './cookie-problems.ts'
import { type Context, type Form, type FormInput, type Part, partOf } from './form.ts'

const attributeProblems = (affinity: StickyCookieAffinity): Diagnostic[] => {
  const asked = [
    ...(affinity.httpOnly ? ['httpOnly'] : []),
    ...(affinity.secure ? ['secure'] : []),
    ...(affinity.sameSite !== null ? ['sameSite'] : []),
  ]
  return asked.map((key) =>
    report(
      'nginx-cookie-attribute',
      atValue([...affinity.path, key]),
      `session_sticky has no ${key}`,
      'the sticky of Tengine 3.2.0 has',
    ),
  )
}

const refusals = (affinity: StickyCookieAffinity): Diagnostic[] => [
  ...expiresProblems(affinity),
  ...attributeProblems(affinity),
  ...foreverProblems(affinity, 'session_sticky'),
]

const isHidden = ({ mode, indirect }: StickyCookieAffinity): boolean =>
  mode === 'prefix' || (mode === 'insert' && indirect)

/** Tengine can put the route into the cookie; without its `id=` the value is a digest of the address. */
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

/**
 * session_sticky asks neither `down` nor the failure count of a pinned server. So a server that is
 * drained is `down`, which keeps its sessions, and one that is down is left out.
 */
const line = (server: Server, features: Features) =>
  serverLine(
    server,
    server.state === 'drain' ? 'down' : null,
    hasIds(features) ? [`id=${server.route}`] : [],
  )

const leftOut = ({ upstream }: Context): Diagnostic[] =>
  upstream.servers
    .filter(({ state }) => state === 'down')
    .map(({ name, path }) =>
      report(
        'nginx-down-left-out',
        atValue([...path, 'state']),
        `"${name}" is left out: session_sticky would send its sessions there although it is down`,
        null,
      ),
    )

const blindness = ({ upstream, features }: Context): Diagnostic[] =>
  upstream.check !== null && features.modules.has('upstream_check')
    ? []
    : [
        report(
          'nginx-session-sticky-blind',
          atValue([...upstream.affinity.path, 'method']),
          'session_sticky tries a pinned server first even while it is dead: only active checks tell it',
          'add upstream_check to `modules`, and write a check for this upstream',
        ),
      ]

const write = (affinity: StickyCookieAffinity, context: Context): Part => {
  const { upstream, features } = context
  const block = {
    ...blockOf(upstream, features, null),
    sessionSticky: params(affinity, features),
    servers: upstream.servers
      .filter(({ state }) => state !== 'down')
      .map((server) => line(server, features)),
  }
  return {
    ...partOf(block),
    hideCookieOf: isHidden(affinity) ? upstream.name : null,
    warnings: [...leftOut(context), ...blindness(context)],
  }
}

/** Tengine's own module. It replaces the method, and resets what `server` may say. */
export const sessionSticky = ({ affinity, features }: FormInput<StickyCookieAffinity>): Form => ({
  via: 'module',
  title: 'the session_sticky module',
  missing: features.modules.has('session_sticky') ? null : 'modules: [session_sticky]',
  limits: {
    balance: 'round_robin',
    backup: false,
    drain: true,
    strict: true,
    zone: false,
    maxConns: false,
    maxBusy: false,
    routes: hasIds(features),
  },
  refusals: () => refusals(affinity),
  write: (context) => write(affinity, context),
})
