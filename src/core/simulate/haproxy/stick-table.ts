import type { AppResponse } from '../model.ts'
import type { Request } from '../request.ts'
import { type Affinity, anyServer, nothingSet } from './affinity.ts'
import { isUsableForSession } from './backend.ts'

/** From the entry used longest ago to the one used last. */
export type Table = Map<string, { id: number; lastUsed: number }>

export interface StickTable {
  /** `stick on`: the entry of the first that a request has decides, and all are stored. */
  readonly lookups: readonly ((request: Request) => string | null)[]
  /** `stick store-response` */
  readonly creates: readonly ((response: AppResponse) => string | null)[]
  /** Seconds after the last use. */
  readonly expire: number
  /** When the table is full, the entry used longest ago makes room. */
  readonly size: number
  /** With `peers`, a reload keeps the table. */
  readonly peers: boolean
}

/** A key of `type string len 128` ends after 127 characters. */
const longestKey = 127

const keyOf = (value: string | null): string | null =>
  value === null ? null : value.slice(0, longestKey)

const touch = (table: Table, key: string, id: number, now: number): void => {
  table.delete(key)
  table.set(key, { id, lastUsed: now })
}

const store = (table: Table, key: string, id: number, now: number, size: number): void => {
  touch(table, key, id, now)
  const [oldest] = table.size > size ? table.keys() : []
  if (oldest !== undefined) table.delete(oldest)
}

/** The first that a request, or a response, has. */
const firstKey = <From>(
  samples: readonly ((from: From) => string | null)[],
  from: From,
): string | null => {
  for (const sample of samples) {
    const key = keyOf(sample(from))
    if (key !== null) return key
  }
  return null
}

/** A table from sessions to servers. */
export const stickTable = (
  options: StickTable,
  /** What the peers hold already; null: nothing, at each start. */
  known: Table | null = null,
): Affinity<Table> => ({
  start: (before) => {
    if (before === null) return known ?? new Map()
    return options.peers ? before : new Map()
  },
  wishOf: (table, { byId }, request) => {
    const { time } = request
    for (const lookup of options.lookups) {
      const key = keyOf(lookup(request))
      const entry = key === null ? undefined : table.get(key)
      if (key === null || entry === undefined) continue
      if (time - entry.lastUsed >= options.expire) {
        table.delete(key)
        continue
      }
      touch(table, key, entry.id, time)
      const server = byId.get(entry.id)
      if (server !== undefined && isUsableForSession(server)) return { kind: 'server', server }
    }
    return anyServer
  },
  setCookies: nothingSet,
  end: (table, request, { id }, response) => {
    // Of several rules of one kind for a table, the first with a key is applied.
    const stored = [firstKey(options.lookups, request), firstKey(options.creates, response)]
    for (const key of stored) {
      if (key !== null) store(table, key, id, request.time, options.size)
    }
    return response.setCookies
  },
  strict: false,
})
