import type { Places } from '../install/places.ts'

/** nginx's manual page with the places of this build, as its own Makefile fills them in. */
export const manualText = (page: string, places: Places): string =>
  page
    .replaceAll('%%PREFIX%%', places.prefix)
    .replaceAll('%%PID_PATH%%', places.pid)
    .replaceAll('%%CONF_PATH%%', places.configuration)
    .replaceAll('%%ERROR_LOG_PATH%%', places.logs[0] ?? '')
