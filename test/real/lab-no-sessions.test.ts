import { expect, vi } from 'vitest'
import { pairSpec, trialsOf } from './support/lab.ts'
import { findServer, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

withServers(
  { nginx: findServer('nginx', '1.22') },
  'the lab claims only the spread for an application without sessions',
  async ({ nginx }) => {
    const app = '{ runtime: php, version: "8.2", sessions: { store: none } }'
    const spec = pairSpec({ affinity: '{ method: none }', app })
    const [trial] = await trialsOf({ specs: { shop: spec }, programs: { nginx } })
    const results = trial?.results ?? []
    expect(results.filter(({ isClaimed }) => isClaimed)).toMatchObject([
      { scenario: 'spread', status: 'held' },
    ])
    const others = results.filter(({ scenario }) => scenario !== 'spread')
    expect(others.length).toBeGreaterThan(3)
    for (const { scenario, status, reason } of others)
      expect([status, reason]).toEqual([
        'skipped',
        scenario === 'sites'
          ? 'the spec has one frontend and one upstream'
          : 'the application has no sessions',
      ])
  },
)
