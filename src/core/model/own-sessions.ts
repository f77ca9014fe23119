import type { App } from './app.ts'

/**
 * Whether each server keeps the sessions that it began to itself: another server does not know them.
 * false also where nobody said what runs there.
 */
export const keepsOwnSessions = (app: App): boolean => {
  if (app.runtime === 'none') return false
  const { sessions } = app
  switch (sessions.store) {
    case 'local':
      return true
    case 'files':
      return sessions.directory === null
    case 'file':
      return 'isShared' in sessions ? !sessions.isShared : sessions.directory === null
    case 'jdbc':
      return !sessions.isShared
    default:
      return false
  }
}
