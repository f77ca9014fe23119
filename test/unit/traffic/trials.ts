import { evaluate, skipped, type Trial } from '../../../src/core/traffic/evaluate.ts'
import type { Observation } from '../../../src/core/traffic/exchange.ts'
import type { ScenarioName } from '../../../src/core/traffic/scenario.ts'
import { scenarios } from '../../../src/core/traffic/scenarios.ts'
import { observed } from './observations.ts'

const servers = ['tomcat01', 'tomcat02', 'tomcat03']
const nameOf = (index: number): string => servers[index % servers.length] ?? ''

const scenarioOf = (name: ScenarioName) => {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(name)
  return scenario
}

const expectation = {
  isClaimed: true,
  minimums: {},
  servers: new Map(servers.map((name) => [name, 1])),
}

/** Thirty clients, each on the server that `at` says for its requests. */
const traffic = (
  requests: number,
  at: (client: number, nth: number) => Partial<Observation>,
): readonly Observation[] =>
  Array.from({ length: requests * 30 }, (_, index) => {
    const [nth, client] = [Math.floor(index / 30), index % 30]
    return observed({ client, atMs: index * 7, tookMs: 3 + (index % 11), ...at(client, nth) })
  })

/** The server of a third of the clients dies after three requests; some requests fail meanwhile. */
const killed = (isKept: boolean) =>
  evaluate(
    scenarioOf('kill'),
    {
      observations: traffic(14, (client, nth) => {
        const phase = nth < 3 ? 'before' : nth < 5 ? 'during' : 'after'
        const isVictim = client % 3 === 0
        if (isVictim && nth === 3) return { phase, status: 502 }
        const server = isVictim && nth > 3 ? nameOf(1 + ((client / 3) % 2)) : nameOf(client)
        return { phase, server, count: isVictim && nth > 3 && !isKept ? nth - 3 : nth + 1 }
      }),
      clusterEvents: [{ event: 'kill-server', server: 'tomcat01', atMs: 700, endMs: 1000 }],
    },
    expectation,
  )

/** Two clusters that differ in what a death costs. */
export const sampleTrials = (names: readonly [string, string]): readonly Trial[] =>
  names.map((name, index) => ({
    name,
    about: 'nginx 1.26.3, three Tomcats 9.0',
    notes: ['a note'],
    addedMs: 1.25,
    results: [
      evaluate(
        scenarioOf('sticky'),
        {
          observations: traffic(10, (client, nth) => ({
            server: nameOf(index === 0 ? client : client + nth),
            count: nth + 1,
          })),
          clusterEvents: [],
        },
        expectation,
      ),
      evaluate(
        scenarioOf('nat'),
        { observations: traffic(1, () => ({ server: 'tomcat02' })), clusterEvents: [] },
        { ...expectation, isClaimed: false },
      ),
      killed(index === 0),
      skipped(scenarioOf('store'), 'there is no store', false),
    ],
  }))
