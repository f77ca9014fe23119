import { describe, expect, vi } from 'vitest'
import {
  type Programs,
  pairSpec,
  resultOf,
  runLab,
  scenarioOptions,
  trialsOf,
} from './support/lab.ts'
import { findServer, type Server, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.30')
const haproxy = findServer('haproxy', '3.2')
const php = findServer('php', '8.2')
const django = findServer('django', '4.2')

const byCookie = (cookie: string): string => `{ method: sticky, by: cookie, cookie: ${cookie} }`
const args = [...scenarioOptions('spread', 'sticky', 'parallel'), '--clients', '11']

/** The same lab with the application's own cookie as the affinity's, and with another one. */
const losesAndKeeps = async (target: string, app: string, cookie: string, programs: Programs) => {
  const bad = pairSpec({ target, affinity: byCookie(cookie), app })
  const good = pairSpec({ target, affinity: byCookie('srv_id'), app })
  const specs = { bad, good }
  const done = await runLab({ specs, programs, args: [...args, '--format', 'json'] })
  expect(done.exitCode, done.stderr).toBe(1)
  const { trials } = JSON.parse(done.stdout)
  const sticky = resultOf(trials[0], 'sticky')
  expect(sticky.status).toBe('failed')
  expect(resultOf(trials[0], 'parallel').status).toBe('failed')
  for (const { scenario, status, reason } of trials[1].results)
    expect(`${scenario} ${status} ${reason}`.trim()).toBe(`${scenario} held`)
  return sticky
}

const versioned = (name: string, { version }: Server): string =>
  `${name}: { version: "${version}" }`

describe('an affinity cookie with the name of the session cookie', () => {
  withServers({ nginx, php }, 'PHP behind nginx', async ({ nginx, php }) => {
    const app = '{ runtime: php, version: "8.2", sessions: { store: files } }'
    await losesAndKeeps(versioned('nginx', nginx), app, 'PHPSESSID', { nginx, php })
  })

  withServers({ haproxy, php }, 'PHP behind HAProxy', async ({ haproxy, php }) => {
    const app = '{ runtime: php, version: "8.2", sessions: { store: files } }'
    const target = versioned('haproxy', haproxy)
    const { reason, figures } = await losesAndKeeps(target, app, 'PHPSESSID', { haproxy, php })
    // Every request went to the server of the previous request, which knew nothing of the session.
    expect(figures?.shares).toMatchObject({ sticky: 1, kept: 0 })
    expect(reason).toBe('every session was lost')
  })

  withServers({ nginx, django }, 'Django behind nginx', async ({ nginx, django }) => {
    const app = '{ runtime: django, version: "4.2", sessions: { store: db } }'
    await losesAndKeeps(versioned('nginx', nginx), app, 'sessionid', { nginx, python: django })
  })

  withServers({ haproxy, django }, 'Django behind HAProxy', async ({ haproxy, django }) => {
    const app = '{ runtime: django, version: "4.2", sessions: { store: db } }'
    const target = versioned('haproxy', haproxy)
    const programs = { haproxy, python: django }
    const { reason, figures } = await losesAndKeeps(target, app, 'sessionid', programs)
    expect(figures?.shares).toMatchObject({ sticky: 1, kept: 0 })
    expect(reason).toBe('every session was lost')
  })

  withServers(
    { haproxy },
    'a generated stand-in if the spec does not name a runtime',
    async ({ haproxy }) => {
      const target = versioned('haproxy', haproxy)
      await losesAndKeeps(target, '{ runtime: none }', 'PHPSESSID', { haproxy })
      await losesAndKeeps(target, '{ runtime: none }', 'connect.sid', { haproxy })
    },
  )
})

withServers({ nginx }, 'reports that every client has a session of its own', async ({ nginx }) => {
  const [trial] = await trialsOf({ specs: { shop: pairSpec() }, programs: { nginx }, args })
  expect(resultOf(trial, 'sticky').figures?.shares).toMatchObject({ kept: 1, separate: 1 })
})
