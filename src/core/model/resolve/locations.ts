import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { parseRedirectUrl } from '../answer.ts'
import type { Answer, Frontend, Location, LocationAction, Match, Upstream } from '../cluster.ts'
import { report } from '../codes.ts'
import type { HttpSettings } from '../http-settings.ts'
import { loopback } from '../loopback-only.ts'
import { checkNetworks } from './addresses.ts'
import { resolveHeaders } from './client-headers.ts'
import { resolveHttpSettings } from './http-settings.ts'
import { resolveSnippets } from './snippets.ts'

export type UpstreamsByName = ReadonlyMap<string, Upstream>
type SpecLocation = Spec['frontends'][string]['locations'][number]

/** Only spaces separate operator and path: other white space is a part of the path. */
const resolveMatch = (text: string): Match => {
  const [, modifier, pattern = ''] = /^(=|\^~|~\*|~)? *(.*)$/s.exec(text) ?? []
  return { kind: (modifier as Match['kind'] | undefined) ?? 'prefix', pattern }
}

/** Locations with the same match in one frontend: nginx rejects them, other proxies use the first. */
export const checkMatches = (frontend: Frontend, findings: Findings): void => {
  const seen = new Set<string>()
  for (const { match, path } of frontend.locations) {
    const key = `${match.kind} ${match.pattern}`
    if (match.pattern === '') {
      report(
        findings,
        'location-invalid',
        atKey([...path, 'match']),
        'the location has no path or regular expression',
        'write a path or a regular expression, such as "/" or "~ \\.jsp$"',
      )
    } else if (seen.has(key)) {
      report(
        findings,
        'location-invalid',
        atKey([...path, 'match']),
        `two locations have the same match "${match.pattern}"`,
        'remove one of the locations',
      )
    }
    seen.add(key)
  }
}

/** Each suggestion compares a name with all known names; a spec has up to thousands of them. */
const mostSuggestions = 100

const suggestion = (name: string, upstreams: UpstreamsByName, findings: Findings): string | null =>
  upstreams.size > 0 && findings.size < mostSuggestions
    ? didYouMean(name, [...upstreams.keys()])
    : null

const actionKeys = ['upstream', 'status', 'redirect', 'respond'] as const

/** The fields that say what the location does; of several, all but the first are reported. */
const checkActions = (written: SpecLocation, path: SpecPath, findings: Findings): void => {
  const [first, ...others] = actionKeys.filter((key) => written[key] !== undefined)
  for (const other of others)
    report(
      findings,
      'location-invalid',
      atValue([...path, other]),
      `the location has both "${first}" and "${other}"`,
      'write two locations',
    )
  if (first === undefined && written.root === undefined)
    report(
      findings,
      'location-invalid',
      atValue(path),
      'the location has neither "upstream" nor "status" nor "redirect" nor "respond" nor "root"',
      'add upstream: NAME',
    )
}

/** An answer of the proxy itself; null: the location has none. */
const resolveAnswer = (
  { allow, redirect, respond }: SpecLocation,
  path: SpecPath,
  findings: Findings,
): Answer | null => {
  if (redirect === undefined && respond === undefined) return null
  if (allow !== undefined)
    report(
      findings,
      'location-invalid',
      atKey([...path, 'allow']),
      `"allow" cannot be combined with "${redirect ? 'redirect' : 'respond'}": proxies answer before they check the address of the client`,
      'remove "allow"',
    )
  if (redirect !== undefined)
    return { kind: 'redirect', to: parseRedirectUrl(redirect.to), code: redirect.code }
  if (respond === undefined) return null
  const { status, body = null, type } = respond
  if (status === 204 && body !== null)
    report(
      findings,
      'location-invalid',
      atValue([...path, 'respond', 'body']),
      'a response with status 204 has no body',
      'write status: 200, or remove "body"',
    )
  return { kind: 'respond', status, body, contentType: type }
}

const resolveAction = (
  written: SpecLocation,
  path: SpecPath,
  upstreams: UpstreamsByName,
  findings: Findings,
): LocationAction => {
  checkActions(written, path, findings)
  const key = written.upstream !== undefined ? 'upstream' : 'status'
  const name = written[key]
  if (name === undefined) return resolveAnswer(written, path, findings) ?? { kind: 'files' }
  const upstream = upstreams.get(name)
  if (!upstream) {
    report(
      findings,
      'name-dangling',
      atValue([...path, key]),
      `there is no upstream "${name}"`,
      suggestion(name, upstreams, findings),
    )
    return { kind: 'files' }
  }
  return { kind: key === 'upstream' ? 'proxy' : 'status', upstream }
}

export const resolveLocation = (
  written: SpecLocation,
  path: SpecPath,
  inherited: HttpSettings,
  upstreams: UpstreamsByName,
  findings: Findings,
): Location => {
  const action = resolveAction(written, path, upstreams, findings)
  // The state of the servers helps attackers: by default, only local clients can read it.
  const allow = written.allow ?? (action.kind === 'status' ? loopback : [])
  return {
    match: resolveMatch(written.match),
    action,
    root: written.root ?? null,
    index: written.index ?? [],
    headers: resolveHeaders(written.headers, [...path, 'headers'], findings),
    allow: checkNetworks(allow, [...path, 'allow'], findings),
    settings: resolveHttpSettings(written, path, inherited, findings),
    snippets: resolveSnippets(written.snippets, path),
    path,
  }
}
