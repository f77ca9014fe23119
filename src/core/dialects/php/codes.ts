import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'

export const phpCodes = {
  'php-secret': {
    severity: 'error',
    summary: 'php.ini cannot read a secret from a file',
    why: 'php.ini can use environment variables, but not the contents of files.',
  },
  'php-secret-encoding': {
    severity: 'info',
    summary: 'The secret must be percent-encoded',
    why: 'session.save_path is a URL, and PHP inserts the variable without encoding it: an "&" ends the password, and a "%" changes it.',
  },
  'php-text': {
    severity: 'error',
    summary: 'PHP would change the path of the session folder',
    why: 'PHP replaces a name in braces after "$" with a variable, and in session.save_path a semicolon separates options from the path.',
  },
  'php-cookie': {
    severity: 'error',
    summary: 'A session cookie that PHP cannot send or read',
    why: 'PHP reads dots in the name of a cookie as underscores, takes a name of digits for a number, and replaces a name in braces after "$" with a variable. SameSite was added in PHP 7.3.',
  },
  'php-locking': {
    severity: 'error',
    summary: 'Locking cannot be disabled',
    why: 'The memcache extension always locks a session during a request.',
  },
  'php-cluster-locking': {
    severity: 'info',
    summary: 'Sessions in Redis Cluster are not locked',
    why: 'The redis extension locks sessions on a single Redis only: of two parallel requests, the last one overwrites the session.',
  },
  'php-redis-extension': {
    severity: 'info',
    summary: 'A recent redis extension is required',
    why: 'PHP 7 supports many releases of the redis extension. Older ones ignore some parameters of session.save_path: they connect without TLS, or do not log in. With PHP 8 the extension is 5.3.2 or later. For a single Redis, releases before 6.0.0 ignore the files and the name of `tls`.',
  },
  'php-memcached-address': {
    severity: 'error',
    summary: 'Invalid memcached address for session.save_path',
    why: 'In session.save_path colons and commas separate hosts, ports and servers.',
  },
} as const satisfies CodeTable

export const report = reportFor(phpCodes)
