import { parseFlag } from '../configure/flags.ts'

/** Where an nginx that was configured so has its files; absolute. */
export interface Places {
  readonly prefix: string
  readonly sbin: string
  readonly modules: string
  readonly configuration: string
  readonly pid: string
}

const flagValue = (flags: readonly string[], wanted: string): string | null =>
  flags.map(parseFlag).findLast(({ name }) => name === wanted)?.value || null

const below = (prefix: string, path: string): string =>
  path.startsWith('/') ? path : `${prefix}/${path}`

/** As auto/options and auto/init of nginx have it. */
export const placesOf = (flags: readonly string[]): Places => {
  const prefix = (flagValue(flags, '--prefix') ?? '/usr/local/nginx').replace(/\/+$/, '')
  const at = (name: string, usual: string): string => below(prefix, flagValue(flags, name) ?? usual)
  return {
    prefix,
    sbin: at('--sbin-path', 'sbin/nginx'),
    modules: at('--modules-path', 'modules'),
    configuration: at('--conf-path', 'conf/nginx.conf'),
    pid: at('--pid-path', 'logs/nginx.pid'),
  }
}
