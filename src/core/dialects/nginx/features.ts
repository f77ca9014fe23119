import type { NginxFlavor, NginxModule, NginxTarget } from '../../model/target.ts'
import { atLeast, parseVersion, type Version } from '../../model/version.ts'

/** The built-in `sticky` directive of a target. */
export interface NativeSticky {
  /** The parameter of `server` for the route. */
  readonly parameter: 'route' | 'sid'
  readonly learn: boolean
  readonly drain: boolean
  /** Angie's sticky_strict: an error instead of another server. */
  readonly strict: boolean
  readonly sameSite: boolean
  /** Angie's variable with NEW, HIT or MISS. */
  readonly statusVariable: string | null
}

/** What the nginx of a target supports. */
export interface Features {
  readonly flavor: NginxFlavor
  /** Its name in messages: `nginx 1.26.3`, `Angie 1.9.0`. */
  readonly label: string
  /** The nginx release that it is based on. */
  readonly base: Version
  /** null: no built-in `sticky`. */
  readonly sticky: NativeSticky | null
  readonly modules: ReadonlySet<NginxModule>
  /** The jvm_route module was built without the core patch. */
  readonly isUnpatched: boolean
  readonly maxConns: boolean
  /** `$realip_remote_addr`: the address of the connection, independent of headers. */
  readonly hasPeerAddress: boolean
  /** `resolve` of servers, and `resolver` of upstreams. */
  readonly resolvesNames: boolean
  /** `escape=json` of log_format. */
  readonly hasJsonLogs: boolean
  /** `$request_port`. */
  readonly hasRequestPort: boolean
  /** `absolute_redirect off`. */
  readonly hasRelativeRedirects: boolean
  /** `TLSv1.3` of ssl_protocols. */
  readonly hasTls13: boolean
  /** HTTP/2: a parameter of `listen`, since 1.25.1 a directive; null: not supported. */
  readonly http2: 'listen' | 'directive' | null
}

/** Oldest first: since which release a product is based on which nginx. */
type Bases = readonly (readonly [since: string, base: string])[]

/** The releases in between follow nginx closely; no directive that is written here was added in them. */
const angieBases: Bases = [
  ['1.0.0', '1.23.1'],
  ['1.12.0', '1.31.2'],
]
const tengineBases: Bases = [
  ['2.2.0', '1.8.1'],
  ['2.3.0', '1.15.9'],
  ['2.3.1', '1.16.0'],
  ['2.3.2', '1.17.3'],
  ['2.3.3', '1.18.0'],
  ['2.3.4', '1.20.1'],
  ['2.4.0', '1.22.1'],
  ['3.0.0', '1.24.0'],
  ['3.2.0', '1.31.3'],
]

const names: Readonly<Record<NginxFlavor, string>> = {
  nginx: 'nginx',
  'nginx-plus': 'NGINX Plus',
  angie: 'Angie',
  tengine: 'Tengine',
  openresty: 'OpenResty',
}

export const oldestSupported: Readonly<Record<NginxFlavor, string>> = {
  nginx: '1.8.1',
  'nginx-plus': '1.8.1',
  openresty: '1.8.1',
  angie: '1.0.0',
  tengine: '2.2.0',
}

const basedOn = (bases: Bases, version: Version): Version =>
  parseVersion(bases.findLast(([since]) => atLeast(version, since))?.[1] ?? '0')

const baseOf = ({ flavor, version }: NginxTarget): Version => {
  if (flavor === 'angie') return basedOn(angieBases, version)
  if (flavor === 'tengine') return basedOn(tengineBases, version)
  return version
}

const nativeSticky = ({ flavor, version }: NginxTarget, base: Version): NativeSticky | null => {
  if (flavor === 'nginx-plus') {
    return {
      parameter: 'route',
      learn: true,
      drain: atLeast(base, '1.13.6'),
      strict: false,
      sameSite: atLeast(base, '1.19.4'),
      statusVariable: null,
    }
  }
  if (flavor === 'angie') {
    const isRecent = atLeast(version, '1.12.0')
    if (!atLeast(version, '1.2.0')) return null
    return {
      parameter: 'sid',
      learn: isRecent,
      drain: isRecent,
      strict: true,
      sameSite: true,
      statusVariable: '$upstream_sticky_status',
    }
  }
  if (!atLeast(base, '1.29.6')) return null
  return {
    parameter: 'route',
    learn: true,
    drain: true,
    strict: false,
    sameSite: true,
    statusVariable: null,
  }
}

/** Tengine before 2.3 has its own modules compiled in. */
const modulesOf = ({ flavor, version, modules }: NginxTarget): ReadonlySet<NginxModule> =>
  flavor === 'tengine' && !atLeast(version, '2.3.0')
    ? new Set<NginxModule>([...modules, 'session_sticky', 'upstream_check'])
    : modules

/** Angie has `resolve` since 1.1.0, and `resolver` of upstreams at the latest since it is based on nginx 1.31. */
const resolvesNames = ({ flavor, version }: NginxTarget, base: Version): boolean => {
  if (flavor === 'angie') return atLeast(version, '1.12.0')
  return atLeast(base, flavor === 'nginx-plus' ? '1.17.5' : '1.27.3')
}

const http2Of = (base: Version): Features['http2'] => {
  if (atLeast(base, '1.25.1')) return 'directive'
  return atLeast(base, '1.9.5') ? 'listen' : null
}

export const featuresOf = (target: NginxTarget): Features => {
  const base = baseOf(target)
  return {
    flavor: target.flavor,
    label: `${names[target.flavor]} ${target.version.text}`,
    base,
    sticky: nativeSticky(target, base),
    modules: modulesOf(target),
    isUnpatched: target.unpatched,
    maxConns: target.flavor === 'nginx-plus' || atLeast(base, '1.11.5'),
    hasPeerAddress: atLeast(base, '1.9.7'),
    resolvesNames: resolvesNames(target, base),
    hasJsonLogs: atLeast(base, '1.11.8'),
    hasRequestPort: atLeast(base, '1.29.3'),
    hasRelativeRedirects: atLeast(base, '1.11.8'),
    hasTls13: atLeast(base, '1.13.0'),
    http2: http2Of(base),
  }
}
