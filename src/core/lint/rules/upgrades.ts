import { withoutEffect } from '../../fields.ts'
import { speaksHttp } from '../../model/protocol.ts'
import type { Rule } from '../rule.ts'

/** `websocket` where nothing is proxied. */
export const upgradesWithoutProxy: Rule = ({ frontends }, findings) => {
  for (const { locations, path, settings } of frontends) {
    const others = locations.filter(({ action }) => action.kind !== 'proxy')
    const why = 'only proxied connections are upgraded'
    for (const location of others)
      if (location.settings.websocket !== null)
        withoutEffect(findings, [...location.path, 'websocket'], null, why)
    for (const { action, path: at, settings: own } of locations)
      if (action.kind === 'proxy' && own.websocket === true && !speaksHttp(action.upstream))
        withoutEffect(
          findings,
          [...at, 'websocket'],
          null,
          `the servers speak ${action.upstream.protocol}, which has no upgraded connections`,
          'proxy the paths of upgraded connections to an upstream that speaks HTTP',
        )
    if (others.length === locations.length && settings.websocket !== null)
      withoutEffect(findings, [...path, 'websocket'], null, why)
  }
}
