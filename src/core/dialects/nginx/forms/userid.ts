import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { atLeast } from '../../../model/version.ts'
import { blockOf } from '../block.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { serverLine, stateOf } from '../server-line.ts'
import { seconds } from '../units.ts'
import type { UseridView } from '../views.ts'
import { expiresProblems, modeProblems } from './cookie-problems.ts'
import { type Context, type Form, type FormInput, type Part, partOf } from './form.ts'

const flagsOf = ({ httpOnly, secure, sameSite }: StickyCookieAffinity): string[] => [
  ...(httpOnly ? ['httponly'] : []),
  ...(secure ? ['secure'] : []),
  ...(sameSite === null ? [] : [`samesite=${sameSite}`]),
]

const refusals = (affinity: StickyCookieAffinity, features: Features): Diagnostic[] => {
  const problems = [...expiresProblems(affinity), ...modeProblems(affinity, features.label)]
  if (flagsOf(affinity).length > 0 && !atLeast(features.core, '1.19.3')) {
    const key = affinity.httpOnly ? 'httpOnly' : affinity.secure ? 'secure' : 'sameSite'
    problems.push(
      report(
        'nginx-cookie-attribute',
        atValue([...affinity.path, key]),
        `${features.label} cannot give its own cookies attributes`,
        'nginx 1.19.3 can (userid_flags)',
      ),
    )
  }
  return problems
}

const useridOf = (affinity: StickyCookieAffinity): UseridView => ({
  cookie: affinity.cookie,
  path: affinity.cookiePath,
  domain: affinity.domain,
  expires:
    affinity.expires === null || affinity.expires === 'max'
      ? affinity.expires
      : seconds(affinity.expires.ms),
  flags: flagsOf(affinity),
})

const write = (affinity: StickyCookieAffinity, context: Context): Part => {
  const { upstream, features, zone } = context
  const block = {
    ...blockOf(upstream, features, zone),
    // One of the two is empty: what the client sent, or what it is being given.
    hash: { key: '$uid_got$uid_set', consistent: true },
    servers: upstream.servers.map((server) => serverLine(server, stateOf(server))),
  }
  return { ...partOf(block), userid: useridOf(affinity) }
}

/** Affinity without any module: nginx's userid numbers the clients, its hash spreads the numbers. */
export const userid = ({ affinity, features }: FormInput<StickyCookieAffinity>): Form => ({
  via: 'maps',
  title: 'userid and hash',
  missing: null,
  limits: {
    balance: 'round_robin',
    backup: false,
    drain: false,
    strict: false,
    zone: true,
    maxConns: true,
    maxBusy: false,
    routes: false,
  },
  refusals: () => refusals(affinity, features),
  write: (context) => write(affinity, context),
})
