import { describe, expect, vi } from 'vitest'
import { resultOf, scenarioOptions, trialsOf } from './support/lab.ts'
import { findServer, findTomcat, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const long = `tomcat02.${'frankfurt.'.repeat(20)}example.com`

const spec = (target: string, affinity: string, version: string): string => `version: 1
name: shop
targets: { ${target} }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: ${affinity}
    servers:
      tomcat01.example.com: { address: "10.0.0.1:8080", failTimeout: 1s }
      ${long}: { address: "10.0.0.2:8080", failTimeout: 1s }
    app: { runtime: tomcat, version: "${version}" }
`

const tomcat = findTomcat('10.1')
const proxies = [
  ['nginx', { nginx: findServer('nginx', '1.22') }, 'nginx: { version: "1.22.1" }'],
  ['haproxy', { haproxy: findServer('haproxy', '2.6') }, 'haproxy: { version: "2.6" }'],
  ['httpd', { httpd: findServer('apache2', '2.4') }, 'httpd: { version: "2.4" }'],
] as const
const cookie = '{ method: sticky, by: cookie, cookie: srv_id }'

describe.each(proxies)(
  '%s in front of Tomcats that are named by host names',
  (name, proxy, target) => {
    for (const affinity of name === 'nginx'
      ? ['{ method: jvm_route }']
      : ['{ method: jvm_route }', cookie])
      withServers({ ...proxy, tomcat }, affinity, async ({ tomcat, ...found }) => {
        const [trial] = await trialsOf({
          specs: { shop: spec(target, affinity, tomcat.version) },
          programs: { ...found, tomcat },
          args: scenarioOptions('sticky'),
        })
        expect(resultOf(trial, 'sticky')).toMatchObject({ status: 'held' })
      })
  },
)
