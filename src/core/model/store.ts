import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Address } from './address.ts'

/** A secret's whereabouts; a literal is masked wherever it is shown. */
export type Secret =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'literal'; readonly value: string }

export type Store =
  | {
      readonly kind: 'redis'
      readonly name: string
      readonly mode: 'single' | 'sentinel' | 'cluster'
      readonly addresses: readonly Address[]
      readonly master: string | null
      readonly username: string | null
      readonly password: Secret | null
      readonly tls: boolean
      readonly database: number
      readonly path: SpecPath
    }
  | {
      readonly kind: 'memcached'
      readonly name: string
      readonly servers: readonly { readonly name: string; readonly address: Address }[]
      readonly path: SpecPath
    }
  | {
      readonly kind: 'jdbc'
      readonly name: string
      readonly driver: string
      readonly url: string
      readonly username: string | null
      readonly password: Secret | null
      readonly path: SpecPath
    }
