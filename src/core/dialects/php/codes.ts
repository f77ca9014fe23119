import { type CodeTable, reporterFor } from '../../diagnostics/diagnostic.ts'

/** What can be wrong where the sessions of PHP are configured. */
export const phpCodes = {
  'php-secret': {
    severity: 'error',
    summary: 'A secret that php.ini cannot look up',
    why: 'php.ini reads environment variables, and no files.',
  },
  'php-secret-encoding': {
    severity: 'info',
    summary: 'The secret stands in a URL',
    why: 'session.save_path is a URL, and PHP puts the variable into it as it is: an "&" or a "%" in it would end the password or change it.',
  },
  'php-text': {
    severity: 'error',
    summary: 'A path that php.ini would read as another one',
    why: 'A dollar with a brace is a variable, and a semicolon divides the path from what stands before it.',
  },
  'php-locking': {
    severity: 'error',
    summary: 'Locking that cannot be switched off',
    why: 'The memcache extension always locks a session for the time of a request.',
  },
  'php-cluster-locking': {
    severity: 'info',
    summary: 'No locking in Redis Cluster',
    why: 'The redis extension locks sessions on a single Redis only: of two parallel requests the last one wins.',
  },
  'php-redis-extension': {
    severity: 'info',
    summary: 'The redis extension must be a recent one',
    why: 'PHP 7 runs with many releases of the redis extension. The older ones do not know every parameter of session.save_path: they connect without TLS, or do not log in. With PHP 8 the extension is 5.3.2 or later.',
  },
  'php-memcached-address': {
    severity: 'error',
    summary: 'A memcached that save_path cannot name',
    why: 'Hosts, ports and servers are separated by colons and commas.',
  },
} as const satisfies CodeTable

export const report = reporterFor(phpCodes)
