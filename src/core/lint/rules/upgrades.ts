import { withoutEffect } from '../../fields.ts'
import type { Rule } from '../rule.ts'

/** `websocket` where nothing is proxied. */
export const upgradesWithoutProxy: Rule = ({ frontends }, findings) => {
  for (const { locations, path, settings } of frontends) {
    const others = locations.filter(({ action }) => action.kind !== 'proxy')
    const why = 'only proxied connections are upgraded'
    for (const location of others)
      if (location.settings.websocket !== null)
        withoutEffect(findings, [...location.path, 'websocket'], null, why)
    if (others.length === locations.length && settings.websocket !== null)
      withoutEffect(findings, [...path, 'websocket'], null, why)
  }
}
