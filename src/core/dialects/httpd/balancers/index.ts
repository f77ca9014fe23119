import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { SnippetView } from '../../../snippets/marked.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { balancerUrl } from '../names.ts'
import { httpdSnippetViews } from '../snippets/views.ts'
import { type StickyView, stickyOf } from './affinity.ts'
import { type CheckExpressionView, checkExpressionOf } from './checks.ts'
import { type MemberView, memberViews, noteServers } from './members.ts'
import { type ServerTlsView, serverTlsOf } from './server-tls.ts'

/** `<Proxy "balancer://…">` */
export interface Balancer {
  readonly url: string
  /** What a health check expects; null: a status below 400, or a connection. */
  readonly checkExpression: CheckExpressionView | null
  readonly tls: ServerTlsView | null
  readonly members: readonly MemberView[]
  readonly method: string
  readonly sticky: StickyView | null
  /** Servers to try after the first, as text because 0 is a number of them; null: all others. */
  readonly attempts: string | null
  readonly snippets: readonly SnippetView[]
}

const methods = {
  round_robin: 'byrequests',
  least_conn: 'bybusyness',
  random: 'byrequests',
} as const

/** `lbmethod` */
export const methodOf = ({ balance, path }: Upstream, { findings, modules }: Context): string => {
  if (balance.kind === 'hash') {
    report(
      findings,
      'httpd-affinity',
      atValue([...path, 'balance', 'hash']),
      'httpd cannot balance by a hash',
      'use round_robin or least_conn, together with an affinity',
    )
  }
  if (balance.kind === 'random') {
    report(
      findings,
      'httpd-random',
      atValue([...path, 'balance']),
      'random uses "byrequests": servers receive requests in turn',
      null,
    )
  }
  const method = balance.kind === 'hash' ? 'byrequests' : methods[balance.kind]
  // httpd creates each balancer with byrequests, before it reads lbmethod.
  modules.add('lbmethod_byrequests')
  modules.add(`lbmethod_${method}`)
  return method
}

/** Conditions after which httpd always tries another server, and `off`. */
const followed = new Set(['error', 'timeout', 'off'])

/** `maxattempts` */
export const attemptsOf = ({ nextUpstream }: Upstream, { findings }: Context): string | null => {
  if (nextUpstream === null) return null
  const { on, tries, timeoutMs, path } = nextUpstream
  for (const [index, condition] of on.entries()) {
    if (condition === 'timeout')
      notFollowed(
        findings,
        [...path, 'on', index],
        'httpd',
        'httpd tries another server when a connection times out, not when a response does',
      )
    if (followed.has(condition)) continue
    report(
      findings,
      'httpd-next-upstream',
      atValue([...path, 'on', index]),
      `httpd does not try another server after ${condition}`,
      'remove the condition; httpd tries another server only when it cannot connect to one',
    )
  }
  if (timeoutMs) {
    report(
      findings,
      'httpd-next-upstream',
      atValue([...path, 'timeout']),
      'httpd has no limit for the time of all tries together',
      'remove timeout; each try is limited by 5 s for the connection and by "ProxyTimeout" for the response',
    )
  }
  if (on.includes('off')) return '0'
  return tries === null || tries === 0 ? null : String(tries - 1)
}

export const balancerOf = (upstream: Upstream, context: Context): Balancer => {
  noteServers(upstream, context)
  return {
    url: balancerUrl(upstream),
    checkExpression: checkExpressionOf(upstream, context),
    tls: serverTlsOf(upstream, context),
    members: memberViews(upstream, context),
    method: methodOf(upstream, context),
    sticky: stickyOf(upstream, context),
    attempts: attemptsOf(upstream, context),
    snippets: httpdSnippetViews(upstream.snippets, 'balancer'),
  }
}
