import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { parseRedirectUrl } from '../answer.ts'
import type { Answer, Frontend, Location, LocationAction, Match, Upstream } from '../cluster.ts'
import { report } from '../codes.ts'
import type { HttpSettings } from '../http-settings.ts'
import { checkAnswerAccess, rejectsAll, resolveAccess } from './access.ts'
import { resolveHeaders } from './client-headers.ts'
import { resolveFiles } from './files.ts'
import { resolveHttpSettings } from './http-settings.ts'
import { resolveMapping } from './path-mapping.ts'
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
  for (const { match, matchPath } of frontend.locations) {
    const key = `${match.kind} ${match.pattern}`
    if (match.pattern === '') {
      report(
        findings,
        'location-invalid',
        atKey(matchPath),
        'the location has no path or regular expression',
        'write a path or a regular expression, such as "/" or "~ \\.jsp$"',
      )
    } else if (seen.has(key)) {
      report(
        findings,
        'location-invalid',
        atKey(matchPath),
        `two locations have the same match "${match.pattern}"`,
        'remove one of them',
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
const folderKeys = ['root', 'alias'] as const

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
  if (rejectsAll(written)) {
    const action = first ?? folderKeys.find((key) => written[key] !== undefined) ?? null
    if (action !== null)
      report(
        findings,
        'location-invalid',
        atKey([...path, 'deny']),
        `"deny: [all]" rejects every client: "${action}" has no effect`,
        'add "allow" with the clients that have access',
      )
  } else if (first === undefined && folderKeys.every((key) => written[key] === undefined))
    report(
      findings,
      'location-invalid',
      atValue(path),
      'the location has none of "upstream", "status", "redirect", "respond", "root" and "alias"',
      'add upstream: NAME',
    )
}

/** For `deny: [all]`. */
const rejection: Answer = {
  kind: 'respond',
  status: 403,
  body: null,
  contentType: 'text/plain; charset=utf-8',
}

/** An answer of the proxy itself; null: the location has none. */
const resolveAnswer = (
  written: SpecLocation,
  path: SpecPath,
  findings: Findings,
): Answer | null => {
  const { redirect, respond } = written
  if (redirect === undefined && respond === undefined) return rejectsAll(written) ? rejection : null
  checkAnswerAccess(written, path, findings)
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

type Matched = Pick<Location, 'match' | 'matchPath' | 'matchNumber'>

const resolveMatches = ({ match }: SpecLocation, path: SpecPath): readonly Matched[] => {
  const matchPath = [...path, 'match']
  return typeof match === 'string'
    ? [{ match: resolveMatch(match), matchPath, matchNumber: null }]
    : match.map((text, index) => ({
        match: resolveMatch(text),
        matchPath: [...matchPath, index],
        matchNumber: index + 1,
      }))
}

/** A location for each match. */
export const resolveLocation = (
  written: SpecLocation,
  path: SpecPath,
  inherited: HttpSettings,
  upstreams: UpstreamsByName,
  findings: Findings,
): readonly Location[] => {
  const action = resolveAction(written, path, upstreams, findings)
  const location = {
    action,
    index: written.index ?? [],
    ...resolveFiles(written, path, findings),
    headers: resolveHeaders(written.headers, [...path, 'headers'], findings),
    ...resolveAccess(written, path, findings),
    settings: resolveHttpSettings(written, path, inherited, findings),
    snippets: resolveSnippets(written.snippets, path),
    path,
  }
  return resolveMatches(written, path).map((matched) => ({
    ...location,
    ...matched,
    mapping: resolveMapping(written, matched.match, action, path, findings),
  }))
}
