import type { ModuleFacts, NginxFacts, SharedObject } from './read.ts'

/** What one digit of the signature stands for. */
export interface Feature {
  readonly what: string
  /** How configure is told; null where the system decides. */
  readonly flag: string | null
}

const system = (what: string): Feature => ({ what, flag: null })
const chosen = (what: string, flag: string): Feature => ({ what, flag })

/**
 * The digits from the first one, as src/core/ngx_module.h has them from 1.9.11 to 1.31.4. Where a
 * digit changed its meaning, both are named; 17, 9, 10, 12, 25 and 27 are fixed in newer releases.
 */
const features: readonly Feature[] = [
  system('kqueue (BSD, macOS)'),
  system('IOCP (Windows)'),
  chosen('file AIO', '--with-file-aio (or --with-compat)'),
  chosen('sendfile with AIO (FreeBSD)', '--with-compat'),
  system('eventfd'),
  system('epoll (Linux)'),
  system('keepalive tuning of sockets'),
  chosen('IPv6', '--with-ipv6 (before 1.11.5), and a system that has it'),
  system('IPV6_V6ONLY'),
  system('SO_REUSEPORT'),
  system('accept filters (BSD)'),
  system('TCP_DEFER_ACCEPT'),
  system('setfib (FreeBSD)'),
  system('TCP Fast Open'),
  system('unix sockets'),
  system('variadic macros of the compiler'),
  system('MD5 of a library (before 1.11.2)'),
  chosen(
    'QUIC (from 1.25.0; SHA-1 of a library before 1.11.2)',
    '--with-http_v3_module (or --with-compat)',
  ),
  system('openat'),
  chosen('atomic operations', '--with-libatomic, or a compiler that has them'),
  system('POSIX semaphores'),
  chosen('threads', '--with-threads (or --with-compat)'),
  chosen('PCRE', '--with-pcre, or --without-pcre and --without-http_rewrite_module'),
  chosen('TLS for HTTP', '--with-http_ssl_module (or --with-compat)'),
  chosen('HTTP/2 (before 1.11.5)', '--with-http_v2_module'),
  chosen('gzip', '--without-http_gzip_module (or --with-compat)'),
  chosen('degradation (before 1.11.5)', '--with-http_degradation_module'),
  chosen(
    'X-Forwarded-For',
    '--without-http_proxy_module, --without-http_geo_module and their like (or --with-compat)',
  ),
  chosen('real client address', '--with-http_realip_module (or --with-compat)'),
  chosen(
    'response headers of modules',
    '--with-http_dav_module, --with-http_realip_module (or --with-compat)',
  ),
  chosen('WebDAV', '--with-http_dav_module (or --with-compat)'),
  chosen('HTTP cache', '--without-http-cache'),
  chosen('zones of upstreams', '--without-http_upstream_zone_module (or --with-compat)'),
  chosen('compatible layout of structs', '--with-compat'),
]

const sizes = ['pointers', 'sig_atomic_t', 'time_t'] as const

export interface Difference extends Feature {
  /** As nginx has it, and as the module has it. */
  readonly nginx: string
  readonly module: string
}

const sides = (
  what: string,
  flag: string | null,
  nginx: string | undefined,
  module: string | undefined,
): Difference => ({ what, flag, nginx: nginx ?? 'not known', module: module ?? 'not known' })

const onOff: Readonly<Record<string, string>> = { '0': 'off', '1': 'on' }

/** Each digit in which two signatures differ, with the configure flag behind it. */
export const differences = (nginx: string, module: string): readonly Difference[] => {
  const [own, theirs] = [nginx.split(','), module.split(',')]
  const ofSizes = sizes.flatMap((what, index) =>
    own[index] === theirs[index]
      ? []
      : [sides(`size of ${what} in bytes`, null, own[index], theirs[index])],
  )
  const [ownBits = '', theirBits = ''] = [own[3], theirs[3]]
  const ofBits = features.flatMap(({ what, flag }, index) => {
    const [a, b] = [ownBits.charAt(index), theirBits.charAt(index)]
    return a === b ? [] : [sides(what, flag, onOff[a], onOff[b])]
  })
  return [...ofSizes, ...ofBits]
}

/** Why nginx would refuse to load a module. */
export interface Misfit {
  readonly module: string
  readonly reason: 'version' | 'signature' | 'machine' | 'no-signature'
  readonly nginxVersion: number
  readonly moduleVersion: number
  readonly differences: readonly Difference[]
}

type Nginx = Pick<NginxFacts, 'version' | 'signature' | 'machine'>

const misfit = (nginx: Nginx, module: ModuleFacts, machine: number): Misfit | null => {
  const common = {
    module: module.name,
    nginxVersion: nginx.version,
    moduleVersion: module.version,
    differences: [],
  }
  if (machine !== nginx.machine) return { ...common, reason: 'machine' }
  // In the order of nginx's own checks.
  if (module.version !== nginx.version) return { ...common, reason: 'version' }
  if (nginx.signature === null) return { ...common, reason: 'no-signature' }
  if (module.signature === nginx.signature) return null
  return {
    ...common,
    reason: 'signature',
    differences: differences(nginx.signature, module.signature),
  }
}

/** What nginx would say to a shared object: nothing when it fits. */
export const misfits = (
  nginx: Nginx,
  { modules, machine }: Pick<SharedObject, 'modules' | 'machine'>,
): readonly Misfit[] =>
  modules.map((module) => misfit(nginx, module, machine)).filter((one) => one !== null)
