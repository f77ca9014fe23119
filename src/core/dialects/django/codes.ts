import { type CodeTable, reporterFor } from '../../diagnostics/diagnostic.ts'

/** What can be wrong where the sessions of Django are configured. */
export const djangoCodes = {
  'django-version': {
    severity: 'error',
    summary: 'This Django has no such cache',
    why: 'The cache for Redis came with Django 4.0, the one for pymemcache with 3.2; without its class no request is answered.',
  },
  'django-address': {
    severity: 'error',
    summary: 'A memcached that Django cannot be told of',
    why: 'pymemcache takes hosts with their ports, and separates both at the last colon.',
  },
  'django-secret-key': {
    severity: 'info',
    summary: 'Sessions are signed with SECRET_KEY',
    why: 'A server with another SECRET_KEY takes the sessions of the others for forged, and everybody is logged out.',
  },
} as const satisfies CodeTable

export const report = reporterFor(djangoCodes)
