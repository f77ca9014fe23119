import type { SnippetView } from '../../../snippets/marked.ts'
import type { CheckExpressionView, CheckView } from './checks.ts'
import type { Balancer } from './index.ts'
import type { MemberView } from './members.ts'
import type { ServerTlsView } from './server-tls.ts'

const valued = (name: string, value: string | number | null): readonly string[] =>
  value === null ? [] : [`${name}=${value}`]

const checkWords = (check: CheckView): readonly string[] => [
  `hcmethod=${check.method}`,
  ...(check.uri === null ? [] : [check.uri]),
  ...[`hcinterval=${check.interval}`, `hcpasses=${check.rise}`, `hcfails=${check.fall}`],
  ...valued('hcexpr', check.expression),
]

/** The words of a BalancerMember, before and after the secret, which may be a variable. */
export interface MemberLine {
  readonly head: readonly string[]
  readonly secretVariable: string | null
  readonly rest: readonly string[]
}

export const memberLine = (member: MemberView): MemberLine => ({
  head: [member.url, `route=${member.route}`],
  secretVariable: member.secretVariable,
  rest: [
    ...(member.secret === null ? [] : [member.secret]),
    ...valued('loadfactor', member.weight),
    `connectiontimeout=${member.connectTimeout}`,
    ...valued('responsefieldsize', member.fieldSize),
    ...valued('addressttl', member.addressTtl),
    ...(member.isReused ? [`ttl=${member.idleSeconds}`] : []),
    ...valued('retry', member.retry),
    ...valued('max', member.max),
    ...valued('acquire', member.acquire),
    ...(member.isReused ? [] : ['disablereuse=On']),
    ...(member.isUpgraded ? ['upgrade=ANY'] : []),
    ...valued('status', member.status),
    ...(member.check === null ? [] : checkWords(member.check)),
  ],
})

/** The words of each ProxySet. */
export const setLines = ({
  attempts,
  method,
  sticky,
}: Balancer): readonly (readonly string[])[] => [
  [`lbmethod=${method}`],
  ...(sticky === null
    ? []
    : [
        [
          `stickysession=${sticky.session}`,
          ...(sticky.endsAtSemicolon ? ['scolonpathdelim=On'] : []),
          ...(sticky.isWhole ? ['stickysessionsep=Off'] : []),
          ...(sticky.isStrict ? ['nofailover=On'] : []),
        ],
      ]),
  ...(attempts === null ? [] : [[`maxattempts=${attempts}`]]),
]

/** templates/httpd/partials/balancer.hbs */
export interface BalancerView {
  readonly url: string
  readonly checkExpression: CheckExpressionView | null
  readonly tls: ServerTlsView | null
  readonly members: readonly MemberLine[]
  readonly settings: readonly (readonly string[])[]
  readonly snippets: readonly SnippetView[]
}

export const balancerView = (balancer: Balancer): BalancerView => ({
  url: balancer.url,
  checkExpression: balancer.checkExpression,
  tls: balancer.tls,
  members: balancer.members.map(memberLine),
  settings: setLines(balancer),
  snippets: balancer.snippets,
})
