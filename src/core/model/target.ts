import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { NginxFlavor, NginxModule } from '../spec/schema/targets.ts'
import type { Address } from './address.ts'
import type { Resolver } from './resolver.ts'
import type { Secret } from './store.ts'
import type { Version } from './version.ts'

export type { NginxFlavor, NginxModule }

/** The name of its executable. */
export const nginxExecutable = (flavor: NginxFlavor): string =>
  flavor === 'angie' || flavor === 'openresty' ? flavor : 'nginx'

export interface NginxTarget {
  readonly dialect: 'nginx'
  /** The version of the product: Angie 1.9.0 is not nginx 1.9.0. */
  readonly version: Version
  readonly flavor: NginxFlavor
  readonly modules: ReadonlySet<NginxModule>
  readonly loadModules: boolean
  /** An existing file that is edited in place, as written in the spec; null: none. */
  readonly base: string | null
  readonly standalone: boolean
  readonly unpatched: boolean
  /** null: not set. */
  readonly resolver: Resolver | null
  readonly path: SpecPath
}

/** The login of status pages: one of the two is set. */
export interface StatsLogin {
  readonly user: string
  readonly password: Secret | null
  /** As crypt(3) writes it. */
  readonly hash: string | null
  readonly path: SpecPath
}

export interface Peer {
  readonly name: string
  readonly address: Address
}

export interface HaproxyTarget {
  readonly dialect: 'haproxy'
  readonly version: Version
  /** An existing file that is edited in place, as written in the spec; null: none. */
  readonly base: string | null
  /** null: HAProxy computes it. */
  readonly maxConnections: number | null
  /** Empty: learned sessions are lost with a reload. */
  readonly peers: readonly Peer[]
  /** null: `-L`, or the host name. */
  readonly localPeer: string | null
  readonly stats: StatsLogin | null
  /** null: the DNS servers of the host. */
  readonly resolver: Resolver | null
  readonly path: SpecPath
}

export interface HttpdTarget {
  readonly dialect: 'httpd'
  readonly version: Version
  /** An existing file that is edited in place, as written in the spec; null: none. */
  readonly base: string | null
  readonly path: SpecPath
}

/** A proxy dialect with its version and build features. */
export type Target = NginxTarget | HaproxyTarget | HttpdTarget
