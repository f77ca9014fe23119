import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { isCatchAll } from '../../../model/server-name.ts'
import { expressionError, pcreProblem } from '../../regular-expressions.ts'
import { isHostPattern, notAHost } from '../../sites.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import type { Acl } from '../rules.ts'

/** Server names of a frontend, as a condition on the request's host. */
export interface HostRule {
  readonly frontend: Frontend
  readonly acl: Acl
}

interface Form {
  /** nginx's preference: exact names, `*.example.com`, `www.example.*`, expressions. */
  readonly rank: 0 | 1 | 2 | 3
  readonly method: 'str' | 'end' | 'beg' | 'reg'
  readonly pattern: string
}

/** A server name as nginx reads it; `.example.com` is two. */
const formsOf = (written: string): readonly Form[] => {
  const name = written.toLowerCase()
  if (name.startsWith('~')) return [{ rank: 3, method: 'reg', pattern: written.slice(1) }]
  if (name.startsWith('*.')) return [{ rank: 1, method: 'end', pattern: name.slice(1) }]
  if (name.endsWith('.*')) return [{ rank: 2, method: 'beg', pattern: name.slice(0, -1) }]
  if (!name.startsWith('.')) return [{ rank: 0, method: 'str', pattern: name }]
  return [
    { rank: 0, method: 'str', pattern: name.slice(1) },
    { rank: 1, method: 'end', pattern: name },
  ]
}

/** The strongest first: among wildcards the longest, among the others the first. */
const byStrength = (a: Form, b: Form): number => {
  const isWildcard = a.rank === 1 || a.rank === 2
  return a.rank - b.rank || (isWildcard ? b.pattern.length - a.pattern.length : 0)
}

const aclOf = (method: Form['method'], patterns: readonly string[], number: number): Acl => ({
  name: `host:${number}`,
  sample: 'var(txn.host)',
  method,
  isCaseless: method === 'reg',
  patterns,
})

/** Reports names that no request can have. */
export const checkServerNames = ({ serverNames, path }: Frontend, { findings }: Context): void => {
  for (const [index, name] of serverNames.entries()) {
    if (name.startsWith('~') || isCatchAll(name)) continue
    if (isHostPattern(name) && !(name.startsWith('*') && name.endsWith('*'))) continue
    report(
      findings,
      'haproxy-server-name',
      atValue([...path, 'serverNames', index]),
      notAHost(name),
      'write a name such as shop.example.com, *.example.com or ~^shop\\d+\\.example\\.com$; write non-ASCII names in their xn-- form',
    )
  }
}

/** Conditions from the weakest to the strongest, so that the last one that holds decides. */
export const hostRules = (frontends: readonly Frontend[]): readonly HostRule[] => {
  const named = frontends.map((frontend) => ({
    frontend,
    forms: frontend.serverNames.flatMap(formsOf),
  }))
  const weak = named
    .flatMap(({ frontend, forms }) => forms.map((form) => ({ frontend, form })))
    .filter(({ form }) => form.rank !== 0)
    .sort((a, b) => byStrength(a.form, b.form))
    .reverse()
    .map(({ frontend, form }) => ({ frontend, method: form.method, patterns: [form.pattern] }))
  // A name belongs to one frontend, so that the exact ones can be looked up together.
  const exact = named.flatMap(({ frontend, forms }) => {
    const patterns = forms.filter(({ rank }) => rank === 0).map(({ pattern }) => pattern)
    return patterns.length > 0 ? [{ frontend, method: 'str' as const, patterns }] : []
  })
  return [...weak, ...exact].map(({ frontend, method, patterns }, index) => ({
    frontend,
    acl: aclOf(method, patterns, index + 1),
  }))
}

const check = (expression: string, at: SpecPath, { findings }: Context): void => {
  const problem = expression === '' ? 'it is empty' : pcreProblem(expression)
  const message = expressionError('HAProxy', expression, problem)
  if (message === null) return
  report(
    findings,
    'haproxy-expression',
    atValue(at),
    message,
    'write an expression such as \\.jsp$',
  )
}

/** Expressions of locations and server names that HAProxy would refuse to start with. */
export const checkExpressions = (frontend: Frontend, context: Context): void => {
  for (const { match, matchPath } of frontend.locations)
    if (match.kind.startsWith('~')) check(match.pattern, matchPath, context)
  for (const [index, name] of frontend.serverNames.entries())
    if (name.startsWith('~'))
      check(name.slice(1), [...frontend.path, 'serverNames', index], context)
}
