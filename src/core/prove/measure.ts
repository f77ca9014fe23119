import { isServed, type Observation } from '../traffic/exchange.ts'
import { byClient, isSessionKept } from '../traffic/figures/shares.ts'
import type { ScenarioRun } from '../traffic/scenario.ts'
import type { Groups } from './population.ts'

/** What the clients of an upstream have seen; null: nothing could be measured. */
export interface Measured {
  /** Of the clients that waited: those whose first request after the change went to another server. */
  readonly moved: number | null
  /** Of the clients that sent requests meanwhile: those whose session is gone. */
  readonly lost: number | null
}

/** Where a server runs, by the name in its responses. */
export type Homes = (name: string) => string

const shareOf = (found: readonly boolean[]): number | null =>
  found.length === 0 ? null : found.filter(Boolean).length / found.length

/** null: its first request was not answered. A client without an answer afterwards has moved. */
const hasMoved = (own: readonly Observation[], before: Homes, after: Homes): boolean | null => {
  const first = own.find(({ phase, server }) => phase === 'before' && server !== null)
  if (first === undefined || first.server === null || !isServed(first)) return null
  const next = own.find(({ phase }) => phase === 'after')
  if (next === undefined) return null
  return !isServed(next) || next.server === null
    ? true
    : before(first.server) !== after(next.server)
}

/** @param homes of the servers of each side: a name can be given to another server. */
export const measured = (
  { observations }: ScenarioRun,
  { busy, waiting }: Groups,
  homes: { readonly before: Homes; readonly after: Homes },
): Measured => {
  const clients = byClient(observations)
  const of = (
    numbers: readonly number[],
    ask: (own: readonly Observation[]) => boolean | null,
  ): readonly boolean[] => numbers.flatMap((number) => ask(clients.get(number) ?? []) ?? [])
  return {
    moved: shareOf(of(waiting, (own) => hasMoved(own, homes.before, homes.after))),
    lost: shareOf(
      of(busy, (own) => {
        const isKept = isSessionKept(own, true)
        return isKept === null ? null : !isKept
      }),
    ),
  }
}
