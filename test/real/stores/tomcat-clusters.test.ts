import { describe, expect, vi } from 'vitest'
import { findTomcat, withServers } from '../support/servers.ts'
import { expectLost, expectReplicated, startPair } from './tomcat-pair.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

const key = '000102030405060708090a0b0c0d0e0f'

/** The second server answers by its own route from then on. */
const tookOver = (session: string | null): boolean => session?.endsWith('.tomcat02') === true

describe.each(['7.0', '8.5', '9', '10.1', '11'])('Tomcat %s', (version) => {
  const needs = { tomcat: findTomcat(version) }

  withServers(needs, 'local: the session dies with its server', async ({ tomcat }) => {
    await expectLost(await startPair({ tomcat, sessions: '{ store: local }' }))
  })

  withServers(needs, 'delta: the session survives its server', async ({ tomcat }) => {
    const pair = await startPair({ tomcat, sessions: '{ store: delta, port: PORT }' })
    expect(tookOver((await expectReplicated(pair)).session)).toBe(true)
  })

  withServers(needs, 'backup, encrypted: the session survives its server', async ({ tomcat }) => {
    const sessions = '{ store: backup, port: PORT, encryptionKey: { env: CLUSTER_KEY } }'
    const pair = await startPair({ tomcat, sessions, env: { CLUSTER_KEY: key } })
    expect(tookOver((await expectReplicated(pair)).session)).toBe(true)
  })
})

describe.each(['9', '10.1', '11'])('Tomcat %s', (version) => {
  const needs = { tomcat: findTomcat(version) }

  withServers(needs, 'static-service: the members find each other', async ({ tomcat }) => {
    const sessions = '{ store: backup, membership: static-service, port: PORT }'
    const pair = await startPair({ tomcat, sessions })
    expect(tookOver((await expectReplicated(pair)).session)).toBe(true)
  })
})
