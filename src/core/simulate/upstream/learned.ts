import type { Table } from '../haproxy/stick-table.ts'
import type { Sessions } from '../nginx/sticky.ts'

/** Sessions that a proxy has learned, and keeps over a reload if both configurations have the same key. */
export interface Learned {
  /** null: nothing is kept. */
  readonly key: string | null
  readonly sessions: Sessions
  readonly table: Table
}

export const nothingLearned = (key: string | null = null): Learned => ({
  key,
  sessions: new Map(),
  table: new Map(),
})

/** What a configuration begins with. */
export const inherited = (key: string | null, before: Learned | null): Learned =>
  key !== null && before !== null && before.key === key ? before : nothingLearned(key)
