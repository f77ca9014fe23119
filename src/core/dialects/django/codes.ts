import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

export const djangoCodes = {
  'django-version': {
    severity: 'error',
    summary: 'This Django release does not have the cache backend, or the attribute of the cookie',
    why: 'SameSite was added in Django 2.1, and SameSite=None in 3.1. The cache backend for Redis was added in Django 4.0, that for pymemcache in 3.2. Without the class every request fails.',
  },
  'django-address': {
    severity: 'error',
    summary: 'Invalid memcached address for Django',
    why: 'pymemcache requires host and port, and splits them at the last colon.',
  },
  'django-secret-key': {
    severity: 'info',
    summary: 'Sessions are signed with SECRET_KEY',
    why: 'A server with another SECRET_KEY rejects the sessions of the other servers, and all users are logged out.',
  },
} as const satisfies CodeTable

export const report = reportFor(djangoCodes)
