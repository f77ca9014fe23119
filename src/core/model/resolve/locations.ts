import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Location, LocationAction, Upstream } from '../cluster.ts'
import { loopback } from '../loopback-only.ts'
import { type Issues, report, suggestion } from './issues.ts'
import { resolveMatch } from './matches.ts'
import { checkNetworks } from './networks.ts'

export type UpstreamsByName = ReadonlyMap<string, Upstream>
type SpecLocation = Spec['frontends'][string]['locations'][number]

const resolveAction = (
  written: SpecLocation,
  path: SpecPath,
  upstreams: UpstreamsByName,
  issues: Issues,
): LocationAction => {
  const key = written.upstream !== undefined ? 'upstream' : 'status'
  const name = written[key]
  if (written.upstream !== undefined && written.status !== undefined) {
    issues.push(
      report(
        'location-invalid',
        atValue([...path, 'status']),
        'a location cannot both proxy and show a status',
        'make two locations of it',
      ),
    )
  }
  if (name === undefined) {
    if (written.root === undefined) {
      issues.push(
        report(
          'location-invalid',
          atValue(path),
          'this location has neither "upstream" nor "status" nor "root"',
          'add upstream: NAME',
        ),
      )
    }
    return { kind: 'files' }
  }
  const upstream = upstreams.get(name)
  if (!upstream) {
    issues.push(
      report(
        'name-dangling',
        atValue([...path, key]),
        `there is no upstream "${name}"`,
        upstreams.size > 0 ? suggestion(name, upstreams, issues) : null,
      ),
    )
    return { kind: 'files' }
  }
  return { kind: key === 'upstream' ? 'proxy' : 'status', upstream }
}

export const resolveLocation = (
  written: SpecLocation,
  path: SpecPath,
  upstreams: UpstreamsByName,
  issues: Issues,
): Location => {
  const action = resolveAction(written, path, upstreams, issues)
  // The state of the servers tells an attacker what to aim at: nobody else sees it by default.
  const allow = written.allow ?? (action.kind === 'status' ? loopback : [])
  return {
    match: resolveMatch(written.match),
    action,
    root: written.root ?? null,
    index: written.index ?? [],
    allow: checkNetworks(allow, [...path, 'allow'], issues),
    path,
  }
}
