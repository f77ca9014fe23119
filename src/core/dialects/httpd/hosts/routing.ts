import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import { isRestricted, matchesAlways, missingSlashes } from '../../location-order.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { balancerUrl } from '../names.ts'
import { regexText } from '../quote.ts'
import { literal } from '../words.ts'
import { type Pattern, patternsOf } from './expressions.ts'

/** ProxyPassMatch: the first one that matches counts. */
export interface PassView {
  /** null: every path. */
  readonly expression: string | null
  /** A balancer; null: httpd answers itself. */
  readonly balancer: string | null
}

export interface RedirectView {
  readonly expression: string
  readonly place: string
}

/** LocationMatch: what only some may see, the status page, names of directory indexes. */
export interface SectionView {
  readonly expression: string
  readonly isStatus: boolean
  readonly allow: readonly string[]
  readonly index: readonly string[]
}

export interface RoutingView {
  readonly passes: readonly PassView[]
  readonly redirects: readonly RedirectView[]
  /** What no location is for; null: there is one for every path. */
  readonly missing: string | null
  readonly sections: readonly SectionView[]
}

const passOf = ({ location, own }: Pattern): PassView => {
  const { action } = location
  return {
    expression: matchesAlways(location) && own === '^/' ? null : own,
    balancer: action.kind === 'proxy' ? balancerUrl(action.upstream) : null,
  }
}

/** The target of a redirect, which httpd escapes: `$1` would be a part of the path, `\\x` is x. */
const asPlace = (path: string): string => path.replace(/\\|\$(?=\d)|\$(?=\{)|(?<=\$)\{/g, '\\$&')

/** What stands behind one of these would be a query or a fragment there. */
const hasPlace = ({ match }: Location): boolean => !/[?#]/.test(match.pattern)

const redirectOf = ({ match }: Location): RedirectView => ({
  expression: `^${regexText(match.pattern.slice(0, -1))}$`,
  place: asPlace(match.pattern),
})

const sectionsOf = (patterns: readonly Pattern[], context: Context): readonly SectionView[] =>
  patterns.flatMap(({ location, chosen }) => {
    const { action, path } = location
    const isStatus = action.kind === 'status'
    const allow = isRestricted(location) ? location.allow : []
    const index =
      action.kind === 'files'
        ? location.index.map((name, at) => literal(name, [...path, 'index', at], context))
        : []
    if (isStatus) context.modules.add('status')
    if (allow.length > 0) context.modules.add('authz_host')
    if (!isStatus && allow.length === 0 && index.length === 0) return []
    return [{ expression: chosen, isStatus, allow, index }]
  })

const noteRoots = ({ locations }: Frontend, { findings }: Context): void => {
  for (const { action, root, path } of locations) {
    if (root === null || action.kind === 'files') continue
    findings.push(
      report(
        'httpd-root-unused',
        atValue([...path, 'root']),
        `the root "${root}" is left out: this location is proxied`,
        null,
      ),
    )
  }
}

export const routingOf = (frontend: Frontend, context: Context): RoutingView => {
  const patterns = patternsOf(frontend.locations)
  noteRoots(frontend, context)
  const redirects = missingSlashes(frontend.locations).filter(hasPlace).map(redirectOf)
  const always = patterns.findIndex((pattern) => passOf(pattern).expression === null)
  const tried = always === -1 ? patterns : patterns.slice(0, always + 1)
  const answered = [
    ...redirects.map(({ expression }) => expression),
    ...tried.flatMap(({ location, chosen }) => (location.action.kind === 'proxy' ? [] : [chosen])),
  ]
  if (redirects.length > 0 || always === -1) context.modules.add('alias')
  return {
    passes: [
      ...redirects.map(({ expression }) => ({ expression, balancer: null })),
      ...tried.map(passOf),
    ],
    redirects,
    missing: always === -1 ? `^${answered.map((each) => `(?!${each.slice(1)})`).join('')}` : null,
    sections: sectionsOf(tried, context),
  }
}
