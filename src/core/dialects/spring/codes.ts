import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

export const springCodes = {
  'spring-version': {
    severity: 'error',
    summary: 'Unsupported Spring Boot release',
    why: 'The names of the properties differ between releases, and Spring Boot ignores unknown properties without a warning.',
  },
  'spring-key-prefix': {
    severity: 'error',
    summary: 'A key prefix for sessions in a database',
    why: 'Spring Session stores all sessions in one table of the database; only keys in Redis have a namespace.',
  },
  'spring-jdbc-tables': {
    severity: 'info',
    summary: 'The session tables must be created by hand',
    why: 'Spring Session creates its tables only in an embedded database; in any other database the first request fails without them.',
  },
  'spring-login-text': {
    severity: 'error',
    summary: 'The Redis client of this Spring Boot release cannot send the login',
    why: 'Lettuce before 6.5.2, the Redis client of Spring Boot before 3.5, sends one byte for each character of a username or password. Redis receives a wrong byte for each character that is not ASCII, and rejects the login.',
  },
  'spring-text': {
    severity: 'error',
    summary: 'Spring would change a text or a path',
    why: 'Spring replaces a name in braces after "$" with a property. A file with a secret becomes a property with the name of the file; in the path of its folder, commas and semicolons separate entries, and an asterisk is a wildcard.',
  },
} as const satisfies CodeTable

export const report = reportFor(springCodes)
