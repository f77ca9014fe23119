import { describe, expect } from 'vitest'
import { type HttpdBalancer, httpdHosts } from '../../src/core/config/httpd/balancers.ts'
import { readHttpdFiles } from '../../src/core/config/httpd/files.ts'
import { startApache } from './support/apache.ts'
import { freePorts } from './support/free-port.ts'
import { get } from './support/http.ts'
import { findServer, withServers } from './support/servers.ts'

/** What httpd shows of a balancer: name, settings, and members with their routes. */
type Shown = readonly [
  name: string,
  sticky: string,
  noFailover: string,
  method: string,
  members: readonly string[],
]

const shownBy = (html: string): readonly Shown[] =>
  html
    .split('<h3>')
    .slice(1)
    .map((part): Shown => {
      const name = /balancer:\/\/([^<]*)</.exec(part)?.[1] ?? ''
      const cells = [...part.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell = '']) =>
        cell.replace(/<[^>]*>/g, '').trim(),
      )
      const [, sticky = '', noFailover = '', , , method = ''] = cells
      // The first row has 8 cells, that of a member 11.
      const members = cells
        .slice(8)
        .flatMap((url, index, all) => (index % 11 === 0 ? [`${url} ${all[index + 1] ?? ''}`] : []))
      return [name, sticky, noFailover, method, members]
    })
    .sort()

const expectedOf = ({ members, name, parameters }: HttpdBalancer): Shown => {
  const settingOf = (wanted: string, unset: string): string =>
    parameters.find((parameter) => parameter.name === wanted)?.value ?? unset
  return [
    name,
    settingOf('stickysession', '(None)'),
    settingOf('nofailover', 'Off'),
    settingOf('lbmethod', 'byrequests'),
    members.map(
      (member) =>
        `${member.url} ${member.parameters.find((each) => each.name === 'route')?.value ?? ''}`,
    ),
  ]
}

const configOf = (ports: readonly number[]): string => `
${ports.map((port) => `Listen 127.0.0.1:${port}`).join('\n')}
<Location /manager>
  SetHandler balancer-manager
</Location>
ProxyPass /manager !
<Proxy balancer://app>
  BalancerMember http://127.0.0.1:1 route=a
  BalancerMember http://127.0.0.1:2 route=b
  BalancerMember http://127.0.0.1:2/app route=repeated
  BalancerMember http://127.0.0.1:3/app route=c
  BalancerMember http://127.0.0.1:3 route=d
  BalancerMember http://127.0.0.1:3/app2 route=repeated
  ProxySet lbmethod=bybusyness stickysession=FIRST nofailover=On
  ProxySet stickysession=MAIN
</Proxy>
<Proxy "balancer://Other/">
  BalancerMember http://127.0.0.1:4
</Proxy>
BalancerMember balancer://other http://127.0.0.1:5 ROUTE=e
ProxySet balancer://other LbMethod=bytraffic
ProxyPass /empty balancer://empty/
<VirtualHost 127.0.0.1:${ports[1]}>
  ServerName plain
  ProxyPass /app balancer://app/
</VirtualHost>
<VirtualHost 127.0.0.1:${ports[2]}>
  ServerName own
  <Proxy balancer://APP>
    BalancerMember http://127.0.0.1:6 route=x
  </Proxy>
  <Proxy balancer://empty>
    BalancerMember http://127.0.0.1:7 route=y
  </Proxy>
  <Location /x>
    ProxyPass balancer://app/ stickysession=LOCATION lbmethod=bytraffic
  </Location>
  ProxyPass /y balancer://app/y nofailover=Off
</VirtualHost>
<VirtualHost 127.0.0.1:${ports[3]}>
  ServerName rewrites
  RewriteEngine on
  RewriteRule ^/z(.*) balancer://app/$1 [P]
</VirtualHost>
<VirtualHost 127.0.0.1:${ports[5]}>
  ServerName half
  BalancerInherit Off
  <Proxy balancer://app>
    BalancerMember http://127.0.0.1:9 route=x
  </Proxy>
</VirtualHost>
<VirtualHost 127.0.0.1:${ports[4]}>
  ServerName apart
  BalancerInherit Off
  ProxyPassInherit Off
  <Location /manager>
    SetHandler balancer-manager
  </Location>
  ProxyPass /manager !
  <Proxy balancer://app>
    BalancerMember http://127.0.0.1:8 route=z
  </Proxy>
  ProxyPass /app balancer://app/
</VirtualHost>
`

describe('httpd 2.4, compared with the balancers that the reader finds', () => {
  const needs = { httpd: findServer('apache2', '2.4') }

  withServers(
    needs,
    'the same members, routes and settings in each virtual host',
    async ({ httpd }) => {
      const ports = await freePorts(6)
      const config = configOf(ports)
      await startApache(httpd, config, ports)
      const files = readHttpdFiles('httpd.conf', new Map([['httpd.conf', Buffer.from(config)]]))
      const hosts = httpdHosts(files.statements)
      expect(hosts.length).toBe(ports.length)
      for (const { balancers, statement } of hosts) {
        const address = statement?.args[0] ?? `127.0.0.1:${ports[0]}`
        const { body } = await get(`http://${address}/manager`)
        expect(balancers.map(expectedOf).sort(), address).toEqual(shownBy(body))
      }
    },
  )
})
