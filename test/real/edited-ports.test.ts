import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { fileOf, specOf, type Written, write } from '../unit/tomcat/support.ts'
import { freePorts } from './support/free-port.ts'
import { get } from './support/http.ts'
import { findTomcat, type Tomcat, withServers } from './support/servers.ts'
import { type RunningTomcat, stageTomcat, startTomcat } from './support/tomcat.ts'

const hostNamed = (name: string, more = ''): string =>
  `<Host name="${name}" appBase="webapps">${more}</Host>`

const service = (name: string, connectors: string, host = hostNamed('localhost')): string =>
  `<Service name="${name}">${connectors}<Engine name="${name}" defaultHost="${/name="([^"]+)/.exec(host)?.[1]}">${host}</Engine></Service>`

const connector = (port: number): string =>
  `<Connector port="${port}" address="127.0.0.1" protocol="HTTP/1.1"/>`

const serverXml = (services: string, attributes = 'port="-1"', doctype = ''): string =>
  `<?xml version="1.0"?>\n${doctype}<Server ${attributes}>${services}</Server>\n`

/** The generated files for servers with one base. */
const written = (tomcat: Tomcat, base: string, servers: string): Written =>
  write(
    specOf({
      servers,
      serverNames: '[shop.example.com]',
      app: `version: "${tomcat.version}", tomcat: { base: server.xml }`,
    }),
    new Map([['server.xml', new TextEncoder().encode(base)]]),
  )

const start = async (
  tomcat: Tomcat,
  made: Written,
  name: string,
  ports: readonly number[],
): Promise<RunningTomcat> => {
  const base = stageTomcat(tomcat, { serverXml: fileOf(made, `${name}/conf/server.xml`) })
  for (const [path, bytes] of made.bytes) {
    if (!path.startsWith(`${name}/`)) continue
    const file = join(base.dir, path.slice(name.length + 1))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  return startTomcat(base, ports)
}

/** The route in the session ids of the Tomcat on a port; null: none. */
const routeOn = async (port: number): Promise<string | null> => {
  const { setCookies } = await get(`http://127.0.0.1:${port}/session.jsp`)
  return /^[0-9A-F]{32}(?:\.(.*))?$/.exec(setCookies[0]?.value ?? '')?.[1] ?? null
}

const expectClean = (running: RunningTomcat): void => {
  expect(running.warnings()).toEqual([])
  expect(running.lines().filter((line) => line.includes('BindException'))).toEqual([])
}

interface Case {
  readonly what: string
  /** The server.xml; `wanted` is the port that the balancer connects to. */
  readonly base: (wanted: number, other: number) => string
  /** The route in the session ids on port `other`; undefined: nothing listens there. */
  readonly other: string | null | undefined
}

const entity = (port: number): string =>
  `<!DOCTYPE Server [<!ENTITY connectors '${connector(port)}'>]>\n`

const anyRelease: readonly Case[] = [
  {
    what: 'the second of two Services has the port',
    base: (wanted, other) =>
      serverXml(service('Catalina', connector(other)) + service('Shop', connector(wanted))),
    other: null,
  },
  {
    what: 'the first of two Services has the port, and the second is named Catalina',
    base: (wanted, other) =>
      serverXml(service('Shop', connector(wanted)) + service('Catalina', connector(other))),
    other: null,
  },
  {
    what: 'neither of two Services has the port, and an Alias selects the second',
    base: (_wanted, other) =>
      serverXml(
        service('Catalina', connector(other)) +
          service('Shop', connector(1), hostNamed('internal', '<Alias>shop.example.com</Alias>')),
      ),
    other: null,
  },
  {
    what: 'the second Connector of a Service has the port',
    base: (wanted, other) => serverXml(service('Catalina', connector(other) + connector(wanted))),
    other: 'tomcat01',
  },
  {
    what: 'an internal entity contains the Connector with the port',
    base: (wanted, other) =>
      serverXml(
        service('Catalina', `&connectors;${connector(other)}`),
        'port="-1"',
        entity(wanted),
      ),
    other: 'tomcat01',
  },
  {
    what: 'an internal entity contains a Connector with another port',
    base: (_wanted, other) =>
      serverXml(service('Catalina', `&connectors;${connector(1)}`), 'port="-1"', entity(other)),
    other: 'tomcat01',
  },
  {
    what: 'an internal entity contains the Connector of another Service',
    base: (wanted, other) =>
      serverXml(
        service('Catalina', '&connectors;') + service('Shop', connector(wanted)),
        'port="-1"',
        entity(other),
      ),
    other: null,
  },
]

const offset = 13
const withOffset: readonly Case[] = [
  {
    what: 'portOffset is added to the port of the Connector that the balancer uses',
    base: (wanted, other) =>
      serverXml(
        service('Catalina', connector(other - offset)) +
          service('Shop', connector(wanted - offset)),
        `port="-1" portOffset="${offset}"`,
      ),
    other: null,
  },
  {
    what: 'portOffset is subtracted from the port that is written',
    base: (_wanted, other) =>
      serverXml(
        service('Catalina', connector(other - offset)) +
          service('Shop', connector(8080), hostNamed('shop.example.com')),
        `port="-1" portOffset="${offset}"`,
      ),
    other: null,
  },
  {
    what: 'a Connector is inserted into a Service without one, with portOffset',
    base: (_wanted, _other) =>
      serverXml(service('Catalina', ''), `port="-1" portOffset="${offset}"`),
    other: undefined,
  },
]

const releases = [
  ['7.0', anyRelease],
  ['9', [...anyRelease, ...withOffset]],
  ['11', [...anyRelease, ...withOffset]],
] as const

describe.each(releases)('an edited server.xml of Tomcat %s', (version, cases) => {
  const needs = { tomcat: findTomcat(version) }

  for (const { what, base, other } of cases)
    withServers(needs, what, async ({ tomcat }) => {
      const [wanted = 0, another = 0] = await freePorts(2)
      const servers = `{ tomcat01: "127.0.0.1:${wanted}" }`
      const made = written(tomcat, base(wanted, another), servers)
      const ports = other === undefined ? [wanted] : [wanted, another]
      const running = await start(tomcat, made, 'tomcat01', ports)
      expectClean(running)
      expect(await routeOn(wanted)).toBe('tomcat01')
      if (other !== undefined) expect(await routeOn(another)).toBe(other)
      await running.stop()
    })

  withServers(needs, 'runs two servers on one host', async ({ tomcat }) => {
    const [one = 0, two = 0, ofFile = 0, down1 = 0, down2 = 0] = await freePorts(5)
    const server = (port: number, shutdownPort: number) =>
      `{ address: "127.0.0.1:${port}", tomcat: { shutdownPort: ${shutdownPort} } }`
    const pair = `{ tomcat01: ${server(one, down1)}, tomcat02: ${server(two, down2)} }`
    const base = serverXml(service('Catalina', connector(ofFile)), `port="${down1}"`)
    const made = written(tomcat, base, pair)
    const running = [
      await start(tomcat, made, 'tomcat01', [one, down1]),
      await start(tomcat, made, 'tomcat02', [two, down2]),
    ]
    running.forEach(expectClean)
    expect([await routeOn(one), await routeOn(two)]).toEqual(['tomcat01', 'tomcat02'])
    await Promise.all(running.map((each) => each.stop()))
  })

  withServers(
    needs,
    'a port used twice on one host is an error, and Tomcat cannot bind it',
    async ({ tomcat }) => {
      const [one = 0, two = 0, shared = 0] = await freePorts(3)
      const of = (names: string, ports: number) =>
        written(
          tomcat,
          serverXml(service('Catalina', connector(ports)) + service('Shop', connector(shared))),
          names,
        )
      const pair = `{ tomcat01: "127.0.0.1:${one}", tomcat02: "127.0.0.1:${two}" }`
      expect(of(pair, one).codes).toContain('tomcat-port-clash')
      const first = await start(tomcat, of(`{ tomcat01: "127.0.0.1:${one}" }`, one), 'tomcat01', [
        one,
        shared,
      ])
      const second = await start(tomcat, of(`{ tomcat02: "127.0.0.1:${two}" }`, two), 'tomcat02', [
        two,
      ])
      expect(second.lines().some((line) => line.includes('BindException'))).toBe(true)
      await Promise.all([first.stop(), second.stop()])
    },
  )
})
