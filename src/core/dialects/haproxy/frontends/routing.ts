import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { withoutEffect } from '../../../fields.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import { missingSlashes } from '../../location-order.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { answerBackendName, locationName, notFound, statusBackendName } from '../names.ts'
import { formatText } from '../quote.ts'
import { type Acl, type Rule, rule } from '../rules.ts'
import { accessOf, type Use } from './access.ts'
import { type Choice, choicesOf, locationVariable, pathVariable } from './choices.ts'
import { type SettingRules, settingRules } from './http-settings.ts'
import { mappingRules } from './path-mapping.ts'
import { locationHeaderRules } from './requests.ts'
import { hstsRules } from './response-headers.ts'
import { toHttpsOf } from './to-https.ts'

export interface Routing {
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
  /** Headers and paths, after the headers of the frontend: these are set from the path of the client. */
  readonly headers: readonly Rule[]
  /** The first that holds counts; the last one holds always. */
  readonly uses: readonly Use[]
}

const noteFiles = ({ action, headers, index, path, root }: Location, findings: Findings): void => {
  const keys = [
    ...(root === null || action.kind === 'files' ? [] : ['root']),
    ...(index.length === 0 ? [] : ['index']),
  ]
  for (const key of keys)
    withoutEffect(findings, [...path, key], 'HAProxy', 'HAProxy serves no files')
  if (action.kind === 'proxy') return
  for (const header of headers)
    withoutEffect(findings, header.path, 'HAProxy', 'this location is not proxied')
}

const backendOf = (frontend: Frontend, location: Location, { findings }: Context): string => {
  const { action, root, alias, path } = location
  noteFiles(location, findings)
  if (action.kind === 'status') return statusBackendName(frontend.name, location)
  if (action.kind === 'redirect' || action.kind === 'respond')
    return answerBackendName(frontend.name, location)
  if (action.kind === 'files') {
    const folder = root ?? alias
    // A missing folder is reported elsewhere.
    if (folder === null) return notFound
    report(
      findings,
      'haproxy-files',
      atValue([...path, root === null ? 'alias' : 'root']),
      `HAProxy cannot serve files from "${folder}"`,
      'proxy this location to an upstream with a web server',
    )
    return notFound
  }
  return action.upstream.name
}

const redirectRule = (name: string, { match }: Location): { acl: Acl; rule: Rule } => {
  const acl: Acl = {
    name: `${name}:no-slash`,
    sample: pathVariable,
    method: 'str',
    isCaseless: false,
    patterns: [match.pattern.slice(0, -1)],
  }
  const location = `${formatText(encodeURI(match.pattern))}%[query,regsub(^,?)]`
  return { acl, rule: rule({ redirect: { code: 301, location } }, [acl.name]) }
}

/** The headers and paths of locations, for requests of which nginx would choose this location. */
const requestsOfLocations = (frontend: Frontend, choices: readonly Choice[]): SettingRules => {
  const parts = choices.flatMap(({ location }) => {
    const rules = [...locationHeaderRules(location), ...mappingRules(location)]
    if (rules.length === 0) return []
    const name = locationName(frontend.name, location)
    const acl: Acl = {
      name: `${name}:chosen`,
      sample: `var(${locationVariable})`,
      method: 'str',
      isCaseless: false,
      patterns: [name],
    }
    const chosen = rules.map((each) => ({ ...each, conditions: [acl.name, ...each.conditions] }))
    return [{ acl, rules: chosen }]
  })
  return { acls: parts.map(({ acl }) => acl), rules: parts.flatMap(({ rules }) => rules) }
}

/** The locations of one frontend of the spec, with nginx's precedence. */
export const routingOf = (frontend: Frontend, context: Context): Routing => {
  const { acls, choices } = choicesOf(frontend)
  const toHttps = toHttpsOf(frontend)
  const headers = requestsOfLocations(frontend, choices)
  const settings = settingRules(frontend, choices, headers.acls.length > 0, context)
  const redirects = missingSlashes(frontend.locations).map((location) =>
    redirectRule(locationName(frontend.name, location), location),
  )
  const accesses = choices.map((choice) =>
    accessOf(frontend, choice, backendOf(frontend, choice.location, context), context),
  )
  const uses = accesses.flatMap((access) => access.uses)
  const always = uses.findIndex(({ conditions }) => conditions.length === 0)
  return {
    acls: [
      ...toHttps.acls,
      ...redirects.map(({ acl }) => acl),
      ...acls,
      ...accesses.flatMap((access) => access.acls),
      ...settings.acls,
      ...headers.acls,
    ],
    rules: [
      ...hstsRules(frontend),
      ...toHttps.rules,
      ...redirects.map((redirect) => redirect.rule),
      ...settings.rules,
    ],
    headers: headers.rules,
    uses:
      always === -1 ? [...uses, { backend: notFound, conditions: [] }] : uses.slice(0, always + 1),
  }
}
