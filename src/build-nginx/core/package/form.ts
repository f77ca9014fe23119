import { parseFlag } from '../configure/flags.ts'
import { type Places, placesOf } from '../install/places.ts'
import type { Misread } from '../sources/parse.ts'
import type { Destination } from './destination.ts'

/** What a package of a build is on the host that it is installed on. */
export type Form =
  /** An nginx with a folder, a user and a unit of its own, next to any other. */
  | 'service'
  /** The nginx of Debian's packages, in their place: user, unit and configuration are those of nginx-common. */
  | 'drop-in'
  /** Modules for the nginx of Debian's packages. */
  | 'debian-modules'
  /** Modules for any other nginx: files only. */
  | 'modules'

/** Also the name of its user, its unit and its folders. */
export const serviceName = 'nginx-sessctl'

/** Debian's and Ubuntu's own places since nginx 1.6; also those of builds with `--like`. */
const debian = {
  prefix: '/usr/share/nginx',
  configuration: '/etc/nginx/nginx.conf',
  modules: '/usr/lib/nginx/modules',
} as const

/** Where the packages have it; Debian's flags leave it below the prefix, and its rules move it. */
export const debianNginx = '/usr/sbin/nginx'

export const isOfDebian = (places: Places): boolean =>
  places.prefix === debian.prefix &&
  [debianNginx, `${debian.prefix}/sbin/nginx`].includes(places.sbin) &&
  places.configuration === debian.configuration &&
  places.modules === debian.modules

const isPlace = (flag: string): boolean => /^--(prefix|[a-z-]+-path)$/.test(parseFlag(flag).name)

/** Packages that bring their own service; a folder and a tarball hold what make installs. */
const bringsService = ({ kind }: Destination): boolean => ['deb', 'rpm', 'spec'].includes(kind)

/** Places of the distribution's own packages and of those of nginx.org. */
const isTaken = ({ sbin, configuration }: Places): boolean =>
  sbin.startsWith('/usr/sbin/') ||
  sbin.startsWith('/usr/bin/') ||
  configuration.startsWith('/etc/nginx/')

const optFolders = [
  `--prefix=/opt/${serviceName}`,
  `--conf-path=/etc/opt/${serviceName}/nginx.conf`,
  `--pid-path=/run/${serviceName}/nginx.pid`,
  `--lock-path=/run/${serviceName}/nginx.lock`,
  `--error-log-path=/var/log/${serviceName}/error.log`,
  `--http-log-path=/var/log/${serviceName}/access.log`,
]

/** Of modules that `--without-…` removes, the flag would be unknown to no configure: it is only unused. */
const optTemporary = ['client-body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
  (name) => `--http-${name}-temp-path=/var/cache/${serviceName}/${name.replace('-', '_')}`,
)

/**
 * What a package with a service of its own adds to the flags of configure: its user, and its places
 * unless the flags name any.
 */
export const packageFlags = (
  flags: readonly string[],
  outputs: readonly Destination[],
): readonly string[] => {
  if (!outputs.some(bringsService) || isOfDebian(placesOf(flags))) return []
  const hasPlaces = flags.some(isPlace)
  const names = flags.map((flag) => parseFlag(flag).name)
  return [
    ...(hasPlaces ? [] : [...optFolders, ...optTemporary]),
    ...['--user', '--group'].flatMap((name) =>
      names.includes(name) ? [] : [`${name}=${serviceName}`],
    ),
  ]
}

/** Paths are written to scripts, units and lists: these characters mean themselves in all of them. */
const plainPath = /^(\/[A-Za-z0-9][A-Za-z0-9._+-]*)+$/
const plainUser = /^[a-z_][a-z0-9_-]{0,30}$/

const oddPlace = (flags: readonly string[]): string | undefined => {
  const { temporary, logs, user, ...single } = placesOf(flags)
  const group = flags.map(parseFlag).findLast(({ name }) => name === '--group')?.value ?? user
  const paths = [...Object.values(single), ...logs, ...temporary.filter((path) => /^\//.test(path))]
  return (
    paths.find((path) => !plainPath.test(path)) ??
    [user, group].find((name) => !plainUser.test(name))
  )
}

/**
 * What a package of these flags is.
 * @param isDebian whether the nginx of --for belongs to a package of Debian's.
 */
export const formOf = (
  target: 'nginx' | 'modules',
  flags: readonly string[],
  isDebian: boolean,
  outputs: readonly Destination[],
): { readonly form: Form } | Misread => {
  const packages = outputs.filter(bringsService)
  const places = placesOf(flags)
  const isRpm = packages.some(({ kind }) => kind !== 'deb')
  if (target === 'modules') {
    if (isRpm)
      return {
        misread: 'modules for an installed nginx cannot be packaged as .rpm',
        help: 'write a folder and copy the modules, or use --install',
      }
    return {
      form: isDebian && places.modules === debian.modules ? 'debian-modules' : 'modules',
    }
  }
  if (packages.length === 0) return { form: 'service' }
  const odd = oddPlace(flags)
  if (odd !== undefined)
    return {
      misread: `${JSON.stringify(odd)} cannot be a path or a user in a package`,
      help: 'use letters, digits and . _ + - only',
    }
  if (isOfDebian(places))
    return isRpm
      ? {
          misread: "an .rpm cannot replace the nginx of Debian's packages",
          help: 'write a .deb, or set a folder of its own: -- --prefix=/opt/nginx',
        }
      : { form: 'drop-in' }
  return isTaken(places)
    ? {
        misread: `a package with ${places.sbin} and ${places.configuration} would overwrite the files of the distribution's nginx`,
        help: 'set a folder of its own (-- --prefix=/opt/nginx), or replace the installed nginx with --install or --upgrade',
      }
    : { form: 'service' }
}

const debianModule = (file: string): string => {
  const words = file
    .slice(file.lastIndexOf('/') + 1)
    .replace(/\.so$/, '')
    .replace(/^ndk_http_module$/, 'http_ndk')
    .replace(/^ngx_/, '')
    .replace(/_module$/, '')
  return words.toLowerCase().replace(/[^a-z0-9+.-]+/g, '-')
}

/** `http-echo`, as Debian derives it from `ngx_http_echo_module.so`. */
export const debianModuleNames = (files: readonly string[]): readonly string[] =>
  files.map(debianModule)

export const packageName = (
  form: Form,
  modules: readonly string[],
  files: readonly string[] = [],
): string => {
  if (form === 'service') return serviceName
  if (form === 'drop-in') return 'nginx-core-sessctl'
  const [only] = form === 'debian-modules' && files.length > 0 ? debianModuleNames(files) : modules
  const name = modules.length === 1 ? (only ?? '') : 'modules'
  const plain = name.toLowerCase().replace(/[^a-z0-9+.-]+/g, '-')
  return form === 'debian-modules' ? `libnginx-mod-${plain}-sessctl` : `nginx-sessctl-${plain}`
}
