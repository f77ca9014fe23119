import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { atLeast } from '../../../model/version.ts'
import { blockOf } from '../block.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { serverLine, stateOf } from '../server-line.ts'
import { seconds } from '../units.ts'
import { expiresProblems, foreverProblems, modeProblems } from './cookie-problems.ts'
import { type Context, type Form, type FormInput, type Part, partOf } from './form.ts'

const missing = ({ modules, core }: Features): string | null => {
  if (!modules.has('sticky-ng')) return 'modules: [sticky-ng]'
  return atLeast(core, '1.29.6')
    ? "an nginx older than 1.29.6 (whose own sticky hides the module's)"
    : null
}

const refusals = (affinity: StickyCookieAffinity): Diagnostic[] => {
  const problems = [
    ...expiresProblems(affinity),
    ...foreverProblems(affinity, 'sticky-ng'),
    ...modeProblems(affinity, 'sticky-ng'),
  ]
  const { sameSite, path } = affinity
  if (sameSite !== null) {
    problems.push(
      report(
        'nginx-cookie-attribute',
        atValue([...path, 'sameSite']),
        'sticky-ng has no samesite',
        'nginx 1.29.6 has',
      ),
    )
  }
  return problems
}

const params = (affinity: StickyCookieAffinity): string[] => {
  const { cookie, domain, cookiePath, expires, secure, httpOnly } = affinity
  const args = [`name=${cookie}`]
  if (domain !== null) args.push(`domain=${domain}`)
  args.push(`path=${cookiePath}`)
  if (expires !== null && expires !== 'max') args.push(`expires=${seconds(expires.ms)}`)
  if (secure) args.push('secure')
  if (httpOnly) args.push('httponly')
  return args
}

/** Its sources do not compile on newer releases, as far as they are known (refinitiv #9, #14). */
const buildWarnings = (affinity: StickyCookieAffinity, features: Features): Diagnostic[] =>
  atLeast(features.core, '1.23.0')
    ? [
        report(
          'nginx-sticky-ng-build',
          atValue([...affinity.path, 'method']),
          `no published sticky-ng is known to compile for ${features.label}: nginx 1.23.0 changed how it keeps cookies`,
          'nginx 1.29.6 has sticky built in',
        ),
      ]
    : []

const write = (affinity: StickyCookieAffinity, context: Context): Part => {
  const { upstream, features } = context
  const block = {
    ...blockOf(upstream, features, null),
    stickyNg: params(affinity),
    servers: upstream.servers.map((server) => serverLine(server, stateOf(server))),
  }
  return {
    ...partOf(block),
    ignoresChecks: 'the sticky-ng module',
    warnings: buildWarnings(affinity, features),
  }
}

/**
 * nginx-sticky-module-ng: a balancing method of its own, so it comes first. It indexes the servers
 * as an array, which a zone is not, and forgets backup and max_conns.
 */
export const stickyNg = ({ affinity, features }: FormInput<StickyCookieAffinity>): Form => ({
  via: 'module',
  title: 'the sticky-ng module',
  missing: missing(features),
  limits: {
    balance: 'round_robin',
    backup: false,
    drain: false,
    // Its no_fallback also refuses clients that have no cookie yet.
    strict: false,
    zone: false,
    maxConns: false,
    maxBusy: false,
    routes: false,
  },
  refusals: () => refusals(affinity),
  write: (context) => write(affinity, context),
})
