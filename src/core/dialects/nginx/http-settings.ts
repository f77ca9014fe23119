import type { HttpSettings } from '../../model/http-settings.ts'
import { formatSize } from '../../model/size.ts'
import { type TimeoutsView, timeoutsView } from './timeouts.ts'

/** Directives of a `server` or `location` block. A location has only those that differ from its server. */
export interface SettingsView {
  readonly maxBodySize: string | null
  readonly timeouts: TimeoutsView
}

const bodySize = (size: HttpSettings['maxBodySize']): string | null => {
  if (size === null) return null
  return size === 'unlimited' ? '0' : formatSize(size)
}

/** @param isProxied whether a request can be sent to a server. */
export const settingsView = (settings: HttpSettings, isProxied: boolean): SettingsView => ({
  timeouts: timeoutsView(settings, isProxied),
  maxBodySize: bodySize(settings.maxBodySize),
})
