import { type HashType, hashOf, sourceHash } from '../hashes/haproxy.ts'
import type { HashKey, Request } from '../request.ts'

/** 32 bits; null: the request has no key. */
export type HashKeyOf = (request: Request) => number | null

/** What HAProxy uses where `hash-type` names no function. */
export const defaultHashTypes = {
  mapBased: { function: 'sdbm', avalanche: false },
  consistent: { function: 'sdbm', avalanche: true },
} as const satisfies Readonly<Record<string, HashType>>

/** `balance source`, which uses only the modifier of `hash-type`. */
export const source =
  ({ avalanche }: Pick<HashType, 'avalanche'>): HashKeyOf =>
  ({ address }) =>
    sourceHash(address.bytes, avalanche)

/** `balance hash SAMPLE`, `uri`, `url_param` and `hdr`. */
export const hashed =
  (keyOf: HashKey, type: HashType): HashKeyOf =>
  (request) => {
    const key = keyOf(request)
    return key === null ? null : hashOf(key, type)
  }
