import { parseFlag } from '../configure/flags.ts'

/** Where an nginx that was configured so has its files; absolute. */
export interface Places {
  readonly prefix: string
  readonly sbin: string
  readonly modules: string
  readonly configuration: string
  readonly pid: string
  /** Of the workers, where the configuration names none. */
  readonly user: string
  /**
   * Folders for bodies of requests and answers: those of client, proxy, FastCGI, uWSGI and SCGI.
   * Relative ones begin at the prefix with which nginx runs.
   */
  readonly temporary: readonly string[]
  /** Of errors and of requests. */
  readonly logs: readonly string[]
}

const flagValue = (flags: readonly string[], wanted: string): string | null =>
  flags.map(parseFlag).findLast(({ name }) => name === wanted)?.value || null

/** A path as nginx completes it: a relative one begins at the prefix. */
export const belowPrefix = (prefix: string, path: string): string =>
  path.startsWith('/') ? path : `${prefix.replace(/\/+$/, '')}/${path}`

/** As auto/options and auto/init of nginx have it. */
export const placesOf = (flags: readonly string[]): Places => {
  const prefix = (flagValue(flags, '--prefix') ?? '/usr/local/nginx').replace(/\/+$/, '')
  const at = (name: string, usual: string): string =>
    belowPrefix(prefix, flagValue(flags, name) ?? usual)
  return {
    prefix,
    sbin: at('--sbin-path', 'sbin/nginx'),
    modules: at('--modules-path', 'modules'),
    configuration: at('--conf-path', 'conf/nginx.conf'),
    pid: at('--pid-path', 'logs/nginx.pid'),
    user: flagValue(flags, '--user') ?? 'nobody',
    temporary: [
      flagValue(flags, '--http-client-body-temp-path') ?? 'client_body_temp',
      flagValue(flags, '--http-proxy-temp-path') ?? 'proxy_temp',
      flagValue(flags, '--http-fastcgi-temp-path') ?? 'fastcgi_temp',
      flagValue(flags, '--http-uwsgi-temp-path') ?? 'uwsgi_temp',
      flagValue(flags, '--http-scgi-temp-path') ?? 'scgi_temp',
    ],
    logs: [at('--error-log-path', 'logs/error.log'), at('--http-log-path', 'logs/access.log')],
  }
}
