import { parseFlag } from '../configure/flags.ts'

/** Where configure was given to put things; absolute. */
export interface Layout {
  readonly prefix: string
  readonly nginx: string
  readonly modules: string
  readonly configFolder: string
}

const standardPrefix = '/usr/local/nginx'

/** @returns null when the prefix is not absolute: such an nginx has no place of its own. */
export const layoutOf = (flags: readonly string[]): Layout | null => {
  const given = new Map(flags.map(parseFlag).map(({ name, value }) => [name, value]))
  const prefix = (given.get('--prefix') ?? standardPrefix).replace(/\/+$/, '')
  if (!prefix.startsWith('/') || prefix.split('/').includes('..')) return null
  const place = (name: string, standard: string): string => {
    const path = (given.get(name) ?? standard).replace(/\/+$/, '')
    return path.startsWith('/') ? path : `${prefix}/${path}`
  }
  const config = place('--conf-path', 'conf/nginx.conf')
  return {
    prefix,
    nginx: place('--sbin-path', 'sbin/nginx'),
    modules: place('--modules-path', 'modules'),
    configFolder: config.slice(0, config.lastIndexOf('/')),
  }
}

export const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)

/** Where the paths of a package begin: the prefix when all lies below it, else the root. */
export const rootOf = (paths: readonly string[], { prefix }: Layout): string =>
  paths.every((path) => isBelow(path, prefix)) ? prefix : '/'
