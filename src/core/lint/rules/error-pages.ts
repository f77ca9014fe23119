import { withoutEffect } from '../../fields.ts'
import type { Frontend, Location } from '../../model/cluster.ts'
import { pagesOf } from '../../model/error-pages.ts'
import type { Rule } from '../rule.ts'

const isProxied = ({ action }: Location): boolean => action.kind === 'proxy'

/** Why `interceptErrors` of these locations has no effect; null: it has. */
const useless = (locations: readonly Location[]): string | null => {
  if (!locations.some(isProxied)) return 'no application answers'
  return locations.some((each) => isProxied(each) && pagesOf(each.settings).length > 0)
    ? null
    : 'there are no errorPages'
}

/** `interceptErrors` where no answer of an application is replaced. */
export const interceptionWithoutEffect: Rule = ({ frontends }, findings) => {
  const note = (place: Frontend | Location, locations: readonly Location[]): void => {
    const why = place.settings.interceptErrors === true ? useless(locations) : null
    if (why !== null) withoutEffect(findings, [...place.path, 'interceptErrors'], null, why)
  }
  for (const frontend of frontends) {
    note(
      frontend,
      frontend.locations.filter(({ settings }) => settings.interceptErrors === true),
    )
    for (const location of frontend.locations) note(location, [location])
  }
}
