import { describe, expect, vi } from 'vitest'
import { get } from '../support/http.ts'
import { type Programs, runLab } from '../support/lab.ts'
import { type Jars, withServers } from '../support/servers.ts'
import { tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const session = async (url: string, cookies: Map<string, string>): Promise<string> => {
  const { body } = await get(url, { cookies, timeout: 60_000 })
  return (JSON.parse(body) as { readonly session: string }).session
}

/** The ids of one session: from the server where it began, and from the other one. */
const idsOf = async (said: string): Promise<readonly [string, string]> => {
  const [one = '', two = ''] = [...said.matchAll(/^ {2}\S+: (http:\S+)$/gm)].map(([, url]) => url)
  const cookies = new Map<string, string>()
  const first = await session(one, cookies)
  return [first, await session(two, cookies)]
}

const database =
  '{ db: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions", username: shop, password: { env: DB_PASSWORD } } }'
const memcached =
  '{ mc: { kind: memcached, servers: { n1: "10.0.0.5:11211", n2: "10.0.0.6:11211" } } }'
const redis = '{ redis: { kind: redis, addresses: ["10.0.0.5:6379"] } }'
const shared = 'sharedBetweenServers: true'

const pairs = [
  ['9', '{ store: delta }', '', /^\w+\.two$/],
  ['11', '{ store: backup }', '', /^\w+\.two$/],
  ['10.1', `{ store: file, directory: /srv/sessions, ${shared} }`, '', /^\w+\.two$/],
  ['9', `{ store: jdbc, use: db, ${shared} }`, database, /^\w+\.two$/],
  ['9', '{ store: memcached, use: mc }', memcached, /^\w+-n[12]\.two$/],
  // The rule store-route-stays says so.
  ['9', '{ store: redisson, use: redis }', redis, /^\w+\.one$/],
  ['7.0', '{ store: tomcat-redis, use: redis }', redis, /^\w+\.one$/],
] as const

describe.each(pairs)('Tomcat %s with %s', (line, sessions, stores, expected) => {
  const more = stores === '' ? {} : { stores }
  const { spec, needs } = tomcatRow({ line, as: 'routes', sessions, expected: {}, ...more })

  withServers(
    { ...needs },
    'writes the route of a session that another server takes over',
    async (found) => {
      const { jars, ...programs } = found as Programs & { readonly jars?: Jars }
      const [jar = ''] = jars?.files ?? []
      const libs = jar === '' ? [] : ['--libs', jar.slice(0, jar.lastIndexOf('/'))]
      let said = ''
      let ids: Promise<readonly [string, string]> | null = null
      const { exitCode } = await runLab({
        specs: { spec },
        programs,
        args: ['--keep', ...libs],
        whileRunning: (child) => {
          child.stderr?.on('data', (text: string) => {
            said += text
            if (ids !== null || !said.includes('press Ctrl-C')) return
            ids = idsOf(said).finally(() => child.kill('SIGINT'))
          })
        },
      })
      expect(exitCode, said).toBe(130)
      const [first, second] = (await ids) ?? ['', '']
      expect(first).toMatch(/\.one$/)
      expect(second).toMatch(expected)
    },
  )
})
