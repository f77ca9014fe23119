import type { Frontend, Location } from '../../../model/cluster.ts'
import {
  differs,
  type HttpSettings,
  type SettingName,
  settingsWhere,
} from '../../../model/http-settings.ts'
import type { Context } from '../context.ts'
import { type BodyLimitView, bodyLimitOf } from './body-size.ts'
import { type ResponseHeaderView, responseHeadersOf } from './response-headers.ts'

/** Directives of a virtual host, or of the section of a location. */
export interface SettingsView {
  readonly bodyLimit: BodyLimitView | null
  readonly responseHeaders: readonly ResponseHeaderView[]
}

/**
 * Settings that become `<If>` sections or add to each other. A section of a location does not replace those of its virtual
 * host, so they are written once for all locations, or for each location.
 */
const conditional: ReadonlySet<SettingName> = new Set(['maxBodySize', 'responseHeaders'])

const isPerLocation = (frontend: Frontend, name: SettingName): boolean =>
  conditional.has(name) && frontend.locations.some((each) => differs(frontend, each, name))

/** The settings in the virtual host. */
export const hostSettings = (frontend: Frontend): HttpSettings =>
  settingsWhere(frontend.settings, (name) => !isPerLocation(frontend, name))

/** The settings in the section of a location, which has no timeouts. */
export const sectionSettings = (frontend: Frontend, location: Location): HttpSettings =>
  settingsWhere(
    location.settings,
    // Upgrades and timeouts are parameters of servers.
    (name) =>
      name !== 'websocket' &&
      !name.endsWith('Timeout') &&
      (isPerLocation(frontend, name) || differs(frontend, location, name)),
  )

export const settingsView = (settings: HttpSettings, context: Context): SettingsView => ({
  bodyLimit: bodyLimitOf(settings, context),
  responseHeaders: responseHeadersOf(settings),
})
