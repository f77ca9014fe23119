import type { Frontend, Location } from '../../../model/cluster.ts'
import type { HttpSettings } from '../../../model/http-settings.ts'
import { limitsOf } from '../../../model/limits.ts'
import { looksAtLocation } from '../backends/timeouts.ts'
import type { Context } from '../context.ts'
import { locationName } from '../names.ts'
import { type Acl, type Rule, setVariable } from '../rules.ts'
import { bodySizeRules } from './body-size.ts'
import { type Choice, locationVariable } from './choices.ts'
import { interceptionRules, maintenanceRules, withPages } from './error-pages.ts'
import { limitRules } from './limits.ts'
import { responseHeaderRules } from './response-headers.ts'
import { upgradeRules } from './upgrades.ts'

/** One topic of the settings: its rules for a location, without conditions that select the location. */
type Topic = (settings: HttpSettings, context: Context) => readonly Rule[]

/** In the order in which HAProxy applies them. */
const topics: readonly Topic[] = [
  maintenanceRules,
  limitRules,
  bodySizeRules,
  upgradeRules,
  interceptionRules,
  responseHeaderRules,
]

export interface SettingRules {
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
}

/** From the least preferred location to the most preferred one, so that the last one that holds decides. */
const locationRules = (frontend: Frontend, choices: readonly Choice[]): readonly Rule[] =>
  choices
    .toReversed()
    .map(({ location, conditions }) =>
      setVariable(locationVariable, `str(${locationName(frontend.name, location)})`, conditions),
    )

interface Group {
  readonly rules: readonly Rule[]
  readonly locations: Location[]
}

/** Only proxied connections are upgraded, and what the proxy answers itself is not limited. */
const settingsOf = (location: Location): HttpSettings => ({
  ...location.settings,
  interceptErrors: location.action.kind === 'proxy' ? location.settings.interceptErrors : null,
  websocket: location.action.kind === 'proxy' ? location.settings.websocket : null,
  limits: limitsOf(location),
})

/** The locations that have the same rules of a topic. */
const groupsOf = (
  topic: Topic,
  locations: readonly Location[],
  context: Context,
): readonly Group[] => {
  const groups = new Map<string, Group>()
  for (const location of locations) {
    const settings = settingsOf(location)
    const rules = withPages(topic(settings, context), settings)
    const key = JSON.stringify(rules)
    const group = groups.get(key) ?? { rules, locations: [] }
    group.locations.push(location)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/**
 * The rules for the settings of all locations of a frontend. Rules that are the same for all locations have
 * no condition; other rules apply to requests of their locations only.
 * @param needsLocation whether later rules look at the location.
 */
export const settingRules = (
  frontend: Frontend,
  choices: readonly Choice[],
  needsLocation: boolean,
  context: Context,
): SettingRules => {
  const locations = choices.map(({ location }) => location)
  /** By the names of the locations. */
  const acls = new Map<string, Acl>()
  const conditionOf = (group: readonly Location[]): readonly string[] => {
    if (group.length === locations.length) return []
    const patterns = group.map((location) => locationName(frontend.name, location))
    const key = patterns.join(' ')
    const acl = acls.get(key) ?? {
      name: `${frontend.name}:in:${acls.size + 1}`,
      sample: `var(${locationVariable})`,
      method: 'str',
      isCaseless: false,
      patterns,
    }
    acls.set(key, acl)
    return [acl.name]
  }
  const rules = topics.flatMap((topic) =>
    groupsOf(topic, locations, context)
      .filter((group) => group.rules.length > 0)
      .flatMap((group) => {
        const conditions = conditionOf(group.locations)
        return group.rules.map((each) => ({
          ...each,
          conditions: [...conditions, ...each.conditions],
        }))
      }),
  )
  const isUsedLater =
    needsLocation ||
    locations.some(
      ({ action }) => action.kind === 'proxy' && looksAtLocation(action.upstream, context),
    )
  return {
    acls: [...acls.values()],
    rules: [...(acls.size > 0 || isUsedLater ? locationRules(frontend, choices) : []), ...rules],
  }
}
