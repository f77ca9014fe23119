import { describe, expect, vi } from 'vitest'
import { findJars, findServer, findTomcat, withServers } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { startPostgres } from './data-stores.ts'
import { expectKept, type Pair, startPair } from './tomcat-pair.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

const driver = 'org.postgresql:postgresql:42.7.14'
const none = '{ method: none }'

describe.each(['7.0', '8.5', '9', '10.1', '11'])('Tomcat %s', (version) => {
  const tomcat = findTomcat(version)
  const database = {
    postgres: findServer('postgresql', '15'),
    initdb: findServer('initdb', '15'),
    psql: findServer('psql', '15'),
  }

  withServers({ tomcat }, 'file, shared: any server knows the session', async ({ tomcat }) => {
    const sessions = `{ store: file, directory: ${tempDir()}, sharedBetweenServers: true }`
    await expectKept(await startPair({ tomcat, sessions, affinity: none }))
  })

  withServers({ tomcat }, 'file, shared: the route follows the session', async ({ tomcat }) => {
    const sessions = `{ store: file, directory: ${tempDir()}, sharedBetweenServers: true }`
    const seen = await expectKept(await startPair({ tomcat, sessions }))
    expect(seen.session).toMatch(/\.tomcat02$/)
  })

  withServers(
    { tomcat, driver: findJars([driver]), ...database },
    'jdbc: any server knows the session',
    async ({ tomcat, driver: jars, ...servers }) => {
      const postgres = await startPostgres(servers)
      const url = `jdbc:postgresql://127.0.0.1:${postgres.port}/sessions`
      const password = '{ env: DB_PASSWORD }'
      const stores = `{ db: { kind: jdbc, driver: org.postgresql.Driver, url: "${url}", username: shop, password: ${password} } }`
      const sessions = '{ store: jdbc, use: db, sharedBetweenServers: true }'
      const env = { DB_PASSWORD: 's3cr3t' }
      const wanted = { tomcat, sessions, stores, affinity: none, jars, env }
      const pair: Pair = await startPair(wanted)
      // The table as sessctl writes it; Tomcat looks for it at the first session.
      await postgres.execute(pair.artifacts.get('tomcat/shop.sql') ?? '')
      await expectKept(pair)
      expect(await postgres.execute('select count(*) from tomcat_sessions')).toBe('1\n')
      await postgres.stop()
    },
  )
})
