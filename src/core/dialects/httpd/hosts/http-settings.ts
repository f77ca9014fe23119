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
  /** Media types; empty: no compression. */
  readonly compressed: readonly string[]
}

/**
 * Settings that a section of a location does not replace, but adds to those of its virtual host: `<If>`
 * sections, headers and output filters. They are written once for all locations, or for each location.
 */
const conditional: ReadonlySet<SettingName> = new Set([
  'maxBodySize',
  'responseHeaders',
  'compression',
])

const isPerLocation = (frontend: Frontend, name: SettingName): boolean =>
  conditional.has(name) && frontend.locations.some((each) => differs(frontend, each, name))

/** The settings in the virtual host. */
export const hostSettings = (frontend: Frontend): HttpSettings =>
  settingsWhere(frontend.settings, (name) => !isPerLocation(frontend, name))

/** Values that stand for no directive. */
const isNone = ({ compression, maxBodySize }: HttpSettings, name: SettingName): boolean =>
  (name === 'compression' && compression?.types.length === 0) ||
  (name === 'maxBodySize' && maxBodySize === 'unlimited')

/** Directives of hosts/error-pages.ts. */
const ownSections: ReadonlySet<SettingName> = new Set([
  'errorPages',
  'interceptErrors',
  'maintenance',
])

/** The settings in the section of a location, which has no timeouts and buffers nothing. */
export const sectionSettings = (frontend: Frontend, location: Location): HttpSettings =>
  settingsWhere(
    location.settings,
    // Upgrades and timeouts are parameters of servers.
    (name) =>
      name !== 'websocket' &&
      name !== 'limits' &&
      !ownSections.has(name) &&
      !isNone(location.settings, name) &&
      !name.endsWith('Timeout') &&
      !name.endsWith('Buffering') &&
      (isPerLocation(frontend, name) || differs(frontend, location, name)),
  )

/** @param isForPages whether httpd requests pages for errors, which are not refused. */
export const settingsView = (
  settings: HttpSettings,
  isForPages: boolean,
  context: Context,
): SettingsView => {
  const compressed = settings.compression?.types ?? []
  if (compressed.length > 0) context.modules.add('deflate').add('filter')
  return {
    bodyLimit: bodyLimitOf(settings, isForPages, context),
    responseHeaders: responseHeadersOf(settings),
    compressed,
  }
}
