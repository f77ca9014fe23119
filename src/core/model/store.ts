import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Eviction, RedisMode } from '../spec/schema/stores.ts'
import type { Address } from './address.ts'

/** A reference to a secret; a literal is masked in all output. */
export type Secret =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'literal'; readonly value: string }

/** How a client of Redis connects with TLS; null: the default of the client. */
export interface RedisTls {
  /** Certificates of the authorities. */
  readonly ca: string | null
  /** Expected in the certificate of the server. */
  readonly serverName: string | null
  /** PEM file with certificate and private key of the client. */
  readonly certificate: string | null
}

export interface RedisStore {
  readonly kind: 'redis'
  readonly name: string
  readonly mode: RedisMode
  readonly addresses: readonly Address[]
  readonly master: string | null
  readonly username: string | null
  readonly password: Secret | null
  readonly sentinelPassword: Secret | null
  /** null: without TLS. */
  readonly tls: RedisTls | null
  readonly database: number
  /** null: not set. */
  readonly eviction: Eviction | null
  readonly path: SpecPath
}

export interface MemcachedStore {
  readonly kind: 'memcached'
  readonly name: string
  readonly servers: readonly { readonly name: string; readonly address: Address }[]
  readonly path: SpecPath
}

export interface JdbcStore {
  readonly kind: 'jdbc'
  readonly name: string
  readonly driver: string
  readonly url: string
  readonly username: string | null
  readonly password: Secret | null
  readonly path: SpecPath
}

export type Store = RedisStore | MemcachedStore | JdbcStore
