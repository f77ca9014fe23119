import type { Frontend, Location } from '../../../model/cluster.ts'
import { locationName } from '../names.ts'
import type { Acl } from '../rules.ts'

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

export const isPrefix = ({ match }: Location): boolean =>
  match.kind === 'prefix' || match.kind === '^~'

const longestFirst = (a: Location, b: Location): number =>
  b.match.pattern.length - a.match.pattern.length

const methods = { '=': 'str', prefix: 'beg', '^~': 'beg', '~': 'reg', '~*': 'reg' } as const

/** Plain prefixes longer than a `^~` one: where one of them matches, expressions are tried first. */
const longerPrefixes = (location: Location, plain: readonly Location[]): readonly string[] =>
  plain
    .map(({ match }) => match.pattern)
    .filter(
      (pattern) =>
        pattern.length > location.match.pattern.length &&
        pattern.startsWith(location.match.pattern),
    )

const aclOf = (name: string, { match }: Location): Acl => ({
  name,
  sample: pathVariable,
  method: methods[match.kind],
  isCaseless: match.kind === '~*',
  patterns: [match.pattern],
})

/** The links on HAProxy's page are its own path with `;csv` and the like behind it. */
const isExactStatus = ({ action, match }: Location): boolean =>
  action.kind === 'status' && match.kind === '='

/**
 * nginx's rules as a list where the first match counts: exact paths; the longest prefix where it is
 * `^~`; expressions in turn; the longest prefix.
 */
export const choicesOf = (frontend: Frontend): Choices => {
  const of = (kind: string) => frontend.locations.filter(({ match }) => match.kind === kind)
  const plain = of('prefix').sort(longestFirst)
  const expressions = frontend.locations.filter(({ match }) => match.kind.startsWith('~'))
  const acls: Acl[] = []
  const choices: Choice[] = []
  for (const location of [...of('='), ...of('^~').sort(longestFirst), ...expressions, ...plain]) {
    const name = locationName(frontend.name, location)
    // Every path begins with a slash.
    const isAlways = isPrefix(location) && location.match.pattern === '/'
    if (!isAlways) acls.push(aclOf(name, location))
    if (isExactStatus(location)) {
      const pattern = `${location.match.pattern};`
      acls.push({ ...aclOf(name, location), method: 'beg', patterns: [pattern] })
    }
    const conditions = isAlways ? [] : [name]
    const longer = location.match.kind === '^~' ? longerPrefixes(location, plain) : []
    if (longer.length > 0) {
      const longerName = `${name}:longer`
      acls.push({ ...aclOf(longerName, location), patterns: longer })
      conditions.push(`!${longerName}`)
    }
    choices.push({ location, conditions })
  }
  return { acls, choices }
}

/** `/shop` where a proxied `/shop/` is all there is: nginx sends the browser there. */
export const missingSlashes = (frontend: Frontend): readonly Location[] => {
  const written = new Set(
    frontend.locations
      .filter(({ match }) => match.kind === '=' || match.kind === 'prefix' || match.kind === '^~')
      .map(({ match }) => match.pattern),
  )
  return frontend.locations.filter(
    (location) =>
      isPrefix(location) &&
      location.action.kind === 'proxy' &&
      location.match.pattern.length > 1 &&
      location.match.pattern.endsWith('/') &&
      !written.has(location.match.pattern.slice(0, -1)),
  )
}
