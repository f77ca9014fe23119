import type { Cost, Costs } from './costs.ts'

/** One figure of the costs. Smaller is better. */
export interface Measure {
  readonly name: string
  /** `times` is a multiple of what is even; the others are shares from 0 to 1. */
  readonly unit: 'times' | 'clients' | 'sessions'
  readonly of: (costs: Costs) => number
}

type Situation = {
  readonly [Key in keyof Costs]: Costs[Key] extends Cost ? Key : never
}[keyof Costs]

/** What happens, in the order in which it is printed. */
export const situations: readonly (readonly [key: Situation, name: string])[] = [
  ['serverFails', 'a server fails'],
  ['serverRestarts', 'a server crashes and restarts'],
  ['proxyRestarts', 'the proxy restarts'],
  ['serverAdded', 'a server is added'],
]

export const spreads = [
  ['spread', 'busiest server'],
  ['spreadBehindCdn', 'busiest server behind a CDN'],
] as const

/** All figures by which two forms are compared. */
export const measures: readonly Measure[] = [
  ...spreads.map(([key, name]): Measure => ({ name, unit: 'times', of: (costs) => costs[key] })),
  ...situations.flatMap(([key, name]): readonly Measure[] => [
    { name: `${name}: clients moved`, unit: 'clients', of: (costs) => costs[key].moved },
    { name: `${name}: sessions lost`, unit: 'sessions', of: (costs) => costs[key].lost },
    { name: `${name}: clients with an error`, unit: 'clients', of: (costs) => costs[key].failed },
  ]),
]
