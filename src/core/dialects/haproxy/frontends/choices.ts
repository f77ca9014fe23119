import type { Frontend, Location } from '../../../model/cluster.ts'
import { inOrder, matchesAlways } from '../../location-order.ts'
import { guardedLocations } from '../../path-parameters.ts'
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

/** The name of the location that nginx would choose. */
export const locationVariable = 'txn.location'

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
