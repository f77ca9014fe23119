import { type CodeTable, reporterFor } from '../diagnostics/diagnostic.ts'

/** Combinations of affinity, application and sessions that lose sessions, and their neighbours. */
export const lintCodes = {
  'url-name-mismatch': {
    severity: 'warning',
    summary: 'The session parameter in URLs is not the one Tomcat writes',
    why: 'Tomcat appends ;jsessionid=… (the cookie name as it is configured, else in lower case). With another name cookies still stick, but URLs do not: a browser without cookies is balanced anew on every request.',
  },
} as const satisfies CodeTable

export const report = reporterFor(lintCodes)
