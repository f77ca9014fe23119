import { type CodeTable, reporterFor } from '../../diagnostics/diagnostic.ts'

/** What can be wrong where Spring Session is configured. */
export const springCodes = {
  'spring-version': {
    severity: 'error',
    summary: 'A Spring Boot line that sessctl does not write for',
    why: 'The names of the properties change with the line, and Spring Boot says nothing of a name that it does not know.',
  },
  'spring-key-prefix': {
    severity: 'error',
    summary: 'A key prefix for sessions in a database',
    why: 'Spring Session keeps them in one table of the database; only keys of Redis have a namespace.',
  },
  'spring-jdbc-tables': {
    severity: 'info',
    summary: 'Tables that somebody has to make',
    why: 'Spring Session makes its tables in an embedded database only; in any other one the first request fails without them.',
  },
  'spring-login-text': {
    severity: 'error',
    summary: 'A login to Redis that this Spring Boot cannot send',
    why: 'Lettuce before 6.5.2, which Spring Boot before 3.5 brings, sends one byte for each character of a username or password: of any character outside of ASCII Redis receives another one, and refuses the login.',
  },
  'spring-text': {
    severity: 'error',
    summary: 'A text or path that Spring would read as another one',
    why: 'A dollar with a brace begins a placeholder, and a file of secrets becomes a property of its own name; where its folder is named, commas and semicolons divide, and an asterisk is any folder.',
  },
} as const satisfies CodeTable

export const report = reporterFor(springCodes)
