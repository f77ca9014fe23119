import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { mappedPath } from '../../spec/schema/primitives.ts'
import type { LocationAction, Match } from '../cluster.ts'
import { report } from '../codes.ts'
import type { PathMapping } from '../path-mapping.ts'

type SpecLocation = Spec['frontends'][string]['locations'][number]

const problemOf = (match: Match, action: LocationAction): readonly [string, string] | null => {
  if (action.kind !== 'proxy')
    return ['"upstreamPath" needs "upstream": the location is not proxied', 'remove "upstreamPath"']
  const { protocol } = action.upstream
  if (protocol === 'fastcgi' || protocol === 'uwsgi')
    return [
      `"upstreamPath" cannot be used with protocol: ${protocol}, which sends the path as the name of a script`,
      'remove "upstreamPath", and configure the path in the application',
    ]
  const isPrefix = match.kind === 'prefix' || match.kind === '^~'
  if (isPrefix && mappedPath.safeParse(match.pattern).success) return null
  return [
    `"upstreamPath" replaces a prefix that starts and ends with "/", of letters, digits and "._~-": found match "${match.pattern}"`,
    'write a match such as /shop/',
  ]
}

/** null: the servers get the path of the request. */
export const resolveMapping = (
  { upstreamPath }: SpecLocation,
  match: Match,
  action: LocationAction,
  path: SpecPath,
  findings: Findings,
): PathMapping | null => {
  if (upstreamPath === undefined) return null
  const problem = problemOf(match, action)
  if (problem !== null) {
    const [message, help] = problem
    report(findings, 'location-invalid', atValue([...path, 'upstreamPath']), message, help)
    return null
  }
  return upstreamPath === match.pattern ? null : { from: match.pattern, to: upstreamPath }
}
