import { expect, vi } from 'vitest'
import { pairSpec, resultOf, scenarioOptions, trialsOf } from './support/lab.ts'
import { haproxyOf, httpd, nginxOf } from './support/proxies.ts'
import { withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const args = [...scenarioOptions('sticky'), '--clients', '11']

/** A frontend of a name, and an affinity cookie with more attributes. */
const specOf = (target: string, names: string, more: string): string =>
  pairSpec({ target, affinity: `{ method: sticky, by: cookie, cookie: srv_id${more} }` }).replace(
    'listen: [80],',
    `listen: [80],${names === '' ? '' : ` serverNames: ${names},`}`,
  )

const named = '[shop.example.com]'

/** What a browser that calls the host as the spec does would make of the cookie. */
const rows: readonly (readonly [name: string, names: string, more: string, status: string])[] = [
  ['domain', named, ', domain: example.com', 'held'],
  ['dotted', named, ', domain: .example.com', 'held'],
  ['wildcard', '["*.example.com"]', ', domain: example.com', 'held'],
  ['any-host', '', ', domain: .example.com', 'held'],
  ['other-domain', named, ', domain: example.org', 'failed'],
  ['path', named, ', path: /', 'held'],
  ['other-path', named, ', path: /nowhere', 'failed'],
]

for (const proxy of [nginxOf('1.30'), haproxyOf('3.2'), httpd])
  withServers(
    { server: proxy.server },
    `${proxy.title}: a cookie is sent only where a browser sends it`,
    async ({ server }) => {
      const specs = Object.fromEntries(
        rows.map(([name, names, more]) => [name, specOf(proxy.target(server), names, more)]),
      )
      const program = proxy.title.split(' ')[0]?.toLowerCase() ?? ''
      const trials = await trialsOf({ specs, programs: { [program]: server }, args })
      const seen = trials.map((trial) => [trial.name, resultOf(trial, 'sticky').status])
      expect(seen).toEqual(rows.map(([name, , , status]) => [`${name}.yaml`, status]))
    },
  )
