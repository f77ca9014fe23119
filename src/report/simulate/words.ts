import type { Keeping } from '../../core/session-keeping.ts'
import type { RefusedStep, Spread, Story, StoryStep } from '../../core/simulate/story/tell.ts'

/** What the command computed. */
export interface Simulation {
  readonly spec: string
  readonly upstream: string
  /** A shape or a file. */
  readonly population: string
  readonly seed: number
  readonly stories: readonly Story[]
}

export const isRefused = (step: StoryStep | RefusedStep): step is RefusedStep => 'refused' in step

/** A share of clients; a few of many are not nothing. */
export const percentage = (part: number, whole: number): string => {
  if (part === 0 || whole === 0) return '0%'
  const percent = (100 * part) / whole
  if (percent < 0.1) return '<0.1%'
  return part < whole && percent > 99.9 ? '>99.9%' : `${percent.toFixed(1)}%`
}

export const titles = { nginx: 'nginx', haproxy: 'HAProxy', httpd: 'httpd' } as const

/** Where sessions are, after "sessions". */
export const keepingWords: Readonly<Record<Keeping, string>> = {
  none: 'no sessions',
  server: 'sessions only on their server',
  backup: 'sessions with a backup on another server',
  all: 'sessions on all servers',
  store: 'sessions in a shared store',
  client: 'sessions in the cookie',
}

/** Columns of lost sessions: the store of the spec, then the others by the names in a spec. */
export const lostColumns: readonly {
  readonly title: string
  readonly of: (step: StoryStep) => number
}[] = [
  { title: 'lost', of: ({ lost }) => lost },
  { title: 'local', of: ({ lostWith }) => lostWith.server },
  { title: 'backup', of: ({ lostWith }) => lostWith.backup },
  { title: 'delta', of: ({ lostWith }) => lostWith.all },
  { title: 'shared', of: ({ lostWith }) => lostWith.store },
]

/** Explains the columns. */
export const legend =
  'moved: served by another server than before. lost: sessions that the new server does not have, with the store of the spec, and with local, backup, delta and shared stores. error: 502 or 503. retried: first sent to a server that does not answer.'

/** Clients by server, at the start and after each step; servers in the order in which they appear. */
export interface SpreadTable {
  readonly servers: readonly string[]
  /** By step; null: the server is not in the configuration. */
  readonly clients: readonly (readonly (number | null)[])[]
}

const spreadsOf = ({ spread, steps }: Story): readonly Spread[] => {
  const all: Spread[] = [spread]
  for (const step of steps) all.push(isRefused(step) ? (all.at(-1) ?? []) : step.spread)
  return all
}

export const spreadTable = (story: Story): SpreadTable => {
  const spreads = spreadsOf(story)
  const servers = [...new Set(spreads.flatMap((spread) => spread.map(({ server }) => server)))]
  return {
    servers,
    clients: spreads.map((spread) => {
      const counts = new Map(spread.map(({ server, clients }) => [server, clients]))
      return servers.map((server) => counts.get(server) ?? null)
    }),
  }
}
