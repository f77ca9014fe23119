import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { withoutEffect } from '../../../fields.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import { loopback, needsLocalPeer } from '../../../model/loopback-only.ts'
import { inOrder, isRestricted, matchesAlways, missingSlashes } from '../../location-order.ts'
import { guardedLocations } from '../../path-parameters.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { forbidden, locationName, notFound, statusBackendName } from '../names.ts'
import { formatText } from '../quote.ts'
import { type Acl, type Rule, rule } from '../rules.ts'
import { fromNetworks } from './networks.ts'

/** A location with the conditions under which nginx chooses it, given that it chose none before. */
export interface Choice {
  readonly location: Location
  /** Names of conditions, perhaps with `!`; empty: always. */
  readonly conditions: readonly string[]
}

export interface Choices {
  readonly acls: readonly Acl[]
  /** In the order to try them. */
  readonly choices: readonly Choice[]
}

/** Decoded, with one slash for several, as nginx matches locations. */
export const pathVariable = 'var(txn.path)'

const methods = { '=': 'str', prefix: 'beg', '^~': 'beg', '~': 'reg', '~*': 'reg' } as const

const aclOf = (name: string, { match }: Location): Acl => ({
  name,
  sample: pathVariable,
  method: methods[match.kind],
  isCaseless: match.kind === '~*',
  patterns: [match.pattern],
})

/** The links on HAProxy's page are its own path followed by `;csv` and similar words. */
const isExactStatus = ({ action, match }: Location): boolean =>
  action.kind === 'status' && match.kind === '='

/** The conditions of each location, in the order in which nginx prefers them. */
export const choicesOf = (frontend: Frontend): Choices => {
  const acls: Acl[] = []
  const choices = inOrder(guardedLocations(frontend)).map(({ location, longer }): Choice => {
    if (matchesAlways(location) && longer.length === 0) return { location, conditions: [] }
    const name = locationName(frontend.name, location)
    acls.push(aclOf(name, location))
    if (isExactStatus(location)) {
      const pattern = `${location.match.pattern};`
      acls.push({ ...aclOf(name, location), method: 'beg', patterns: [pattern] })
    }
    if (longer.length === 0) return { location, conditions: [name] }
    const longerName = `${name}:longer`
    acls.push({ ...aclOf(longerName, location), patterns: longer })
    return { location, conditions: [name, `!${longerName}`] }
  })
  return { acls, choices }
}

/** One use_backend line. */
export interface Use {
  readonly backend: string
  /** Empty: always; nothing after it is reached. */
  readonly conditions: readonly string[]
}

export interface Routing {
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
  /** The first that holds counts; the last one holds always. */
  readonly uses: readonly Use[]
}

const noteFiles = ({ action, index, path, root }: Location, findings: Findings): void => {
  const keys = [
    ...(root === null || action.kind === 'files' ? [] : ['root']),
    ...(index.length === 0 ? [] : ['index']),
  ]
  for (const key of keys)
    withoutEffect(findings, [...path, key], 'HAProxy', 'HAProxy serves no files')
}

const backendOf = (frontend: Frontend, location: Location, { findings }: Context): string => {
  const { action, root, path } = location
  noteFiles(location, findings)
  if (action.kind === 'status') return statusBackendName(frontend.name, location)
  if (action.kind === 'files') {
    // A missing root is reported elsewhere.
    if (root === null) return notFound
    report(
      findings,
      'haproxy-files',
      atValue([...path, 'root']),
      `HAProxy cannot serve files from "${root}"`,
      'proxy this location to an upstream with a web server',
    )
    return notFound
  }
  return action.upstream.name
}

/** What `set-src` does not change. */
export const peerVariable = 'sess.peer'

const redirectRule = (name: string, { match }: Location): { acl: Acl; rule: Rule } => {
  const acl: Acl = {
    name: `${name}:no-slash`,
    sample: pathVariable,
    method: 'str',
    isCaseless: false,
    patterns: [match.pattern.slice(0, -1)],
  }
  const place = formatText(encodeURI(match.pattern))
  return { acl, rule: rule({ redirect: `${place}%[query,regsub(^,?)]` }, [acl.name]) }
}

/** The locations of one frontend of the spec, with nginx's precedence. */
export const routingOf = (frontend: Frontend, context: Context): Routing => {
  const { acls, choices } = choicesOf(frontend)
  const redirects = missingSlashes(frontend.locations).map((location) =>
    redirectRule(locationName(frontend.name, location), location),
  )
  const restrictions: Acl[] = []
  const uses = choices.flatMap(({ location, conditions }): readonly Use[] => {
    const backend = backendOf(frontend, location, context)
    if (!isRestricted(location)) return [{ backend, conditions }]
    const name = locationName(frontend.name, location)
    const needed = [
      fromNetworks(`${name}:allowed`, 'src', location.allow),
      ...(needsLocalPeer(frontend, location)
        ? [fromNetworks(`${name}:local-peer`, `var(${peerVariable})`, loopback)]
        : []),
    ]
    restrictions.push(...needed.flatMap((each) => each.acls))
    return [
      { backend, conditions: [...conditions, ...needed.flatMap((each) => each.conditions)] },
      { backend: forbidden, conditions },
    ]
  })
  const always = uses.findIndex(({ conditions }) => conditions.length === 0)
  return {
    acls: [...redirects.map(({ acl }) => acl), ...acls, ...restrictions],
    rules: redirects.map((redirect) => redirect.rule),
    uses:
      always === -1 ? [...uses, { backend: notFound, conditions: [] }] : uses.slice(0, always + 1),
  }
}
