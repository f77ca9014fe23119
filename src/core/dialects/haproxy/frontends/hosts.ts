import type { Frontend } from '../../../model/cluster.ts'
import type { Acl } from '../rules.ts'

/** One server name of a frontend, as a condition on the request's host. */
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

/** Conditions from the weakest to the strongest, so that the last one that holds decides. */
export const hostRules = (frontends: readonly Frontend[]): readonly HostRule[] =>
  frontends
    .flatMap((frontend) =>
      frontend.serverNames.flatMap(formsOf).map((form) => ({ frontend, form })),
    )
    .sort((a, b) => byStrength(a.form, b.form))
    .reverse()
    .map(({ frontend, form: { method, pattern } }, index) => ({
      frontend,
      acl: {
        name: `host:${index + 1}`,
        sample: 'var(txn.host)',
        method,
        isCaseless: method === 'reg',
        patterns: [pattern],
      },
    }))

/** Who answers for all other hosts: the frontend without names, else the first, as in nginx. */
export const defaultOf = (frontends: readonly Frontend[]): Frontend | undefined =>
  frontends.find(({ serverNames }) => serverNames.length === 0) ?? frontends[0]
