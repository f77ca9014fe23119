import type { HttpSettings } from '../../model/http-settings.ts'
import { formatSize } from '../../model/size.ts'

/** Directives of a `server` or `location` block. A location has only those that differ from its server. */
export interface SettingsView {
  readonly maxBodySize: string | null
}

const bodySize = (size: HttpSettings['maxBodySize']): string | null => {
  if (size === null) return null
  return size === 'unlimited' ? '0' : formatSize(size)
}

export const settingsView = (settings: HttpSettings): SettingsView => ({
  maxBodySize: bodySize(settings.maxBodySize),
})
