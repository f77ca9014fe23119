import { expect, vi } from 'vitest'
import { resultOf, scenarioOptions, trialsOf } from './support/lab.ts'
import { haproxyOf, nginxOf } from './support/proxies.ts'
import { withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

interface Site {
  readonly frontends: string
  /** The affinity cookies of the two upstreams. */
  readonly cookies: readonly [string, string]
}

const specOf = (target: string, { frontends, cookies }: Site): string => `version: 1
name: shop
targets: { ${target} }
frontends:
${frontends}
upstreams:
  a:
    affinity: { method: sticky, by: cookie, cookie: ${cookies[0]} }
    servers: { a1: "10.0.0.1:8080", a2: "10.0.0.2:8080" }
  b:
    affinity: { method: sticky, by: cookie, cookie: ${cookies[1]} }
    servers: { b1: "10.0.0.3:8080", b2: "10.0.0.4:8080" }
`

const onePlace =
  '  web: { listen: [80], locations: [{ match: /, upstream: a }, { match: /b/, upstream: b }] }'
const frontendsOf = (
  a: string,
  b: string,
): string => `  one: { listen: [80], serverNames: [${a}], locations: [{ match: /, upstream: a }] }
  two: { listen: [81], serverNames: [${b}], locations: [{ match: /, upstream: b }] }`
const oneHost = frontendsOf('shop.example.com', 'shop.example.com')
const twoHosts = frontendsOf('a.example.com', 'b.example.com')

const rows: Readonly<Record<string, readonly [site: Site, status: string]>> = {
  'one-name': [{ frontends: onePlace, cookies: ['srv_id', 'srv_id'] }, 'failed'],
  'two-names': [{ frontends: onePlace, cookies: ['srv_a', 'srv_b'] }, 'held'],
  'two-ports-one-name': [{ frontends: oneHost, cookies: ['srv_id', 'srv_id'] }, 'failed'],
  'two-ports-two-names': [{ frontends: oneHost, cookies: ['srv_a', 'srv_b'] }, 'held'],
  'two-hosts-one-name': [{ frontends: twoHosts, cookies: ['srv_id', 'srv_id'] }, 'held'],
}

for (const proxy of [nginxOf('1.30'), haproxyOf('3.2')])
  withServers(
    { server: proxy.server },
    `${proxy.title}: the lab finds affinity cookies of two upstreams that overwrite each other`,
    async ({ server }) => {
      const target = proxy.target(server)
      const specs = Object.fromEntries(
        Object.entries(rows).map(([name, [site]]) => [name, specOf(target, site)]),
      )
      const program = proxy.title.split(' ')[0]?.toLowerCase() ?? ''
      const args = [...scenarioOptions('sites'), '--clients', '7']
      const trials = await trialsOf({ specs, programs: { [program]: server }, args })
      const seen = trials.map((trial) => {
        const { status, isClaimed } = resultOf(trial, 'sites')
        return [trial.name, status, isClaimed]
      })
      expect(seen).toEqual(
        Object.entries(rows).map(([name, [, status]]) => [`${name}.yaml`, status, true]),
      )
    },
  )
