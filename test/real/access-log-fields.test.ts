import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { send } from './settings/send.ts'
import { startBackend } from './support/backend.ts'
import { freePorts } from './support/free-port.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'
import { startSyslog } from './support/syslog.ts'
import { tempDir } from './support/temp-dir.ts'

/** In an order that no proxy has by default. */
const fields = [
  'response.status',
  'request.path',
  'request.uri',
  'client.address',
  'time',
  'duration',
  'request.method',
  'request.host',
  'request.protocol',
  'request.userAgent',
  'request.referer',
  'tls.version',
  'server',
  'route',
]

const isHttpd = ({ title }: RealProxy): boolean => title.startsWith('httpd')

/** The last line with this text; fails after 3 s. */
const lineWith = async (text: string, read: () => readonly string[]): Promise<string> => {
  for (let round = 0; round < 60; round += 1) {
    const line = read().findLast((each) => each.includes(text))
    if (line !== undefined) return line
    await sleep(50)
  }
  throw new Error(`no line with ${text} in ${read().join('\n')}`)
}

/** What is logged of a request, in this order. */
const membersOf = (line: string, isJson: boolean): readonly (readonly [string, string])[] =>
  isJson
    ? Object.entries(JSON.parse(line.slice(line.indexOf('{'))) as Record<string, string>)
    : [...line.matchAll(/([\w.]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ])

const serverOf = ({ title }: RealProxy, address: string): string => {
  if (title.startsWith('HAProxy')) return 'app/a'
  return title.startsWith('httpd') ? `http://${address}` : address
}

const logsFields = async (proxy: RealProxy, server: Server): Promise<void> => {
  const dir = tempDir()
  const [app, syslog] = [await startBackend('a'), await startSyslog()]
  const [text = 0, json = 0] = await freePorts(2)
  const frontend = (name: string, port: number, format: string) => {
    const place = proxy.title.startsWith('HAProxy')
      ? `syslog: "127.0.0.1:${syslog.port}"`
      : `path: ${dir}/${name}.log`
    return `  ${name}:
    listen: ["127.0.0.1:${port}"]
    clientAddress: { trust: [127.0.0.1] }
    accessLog: { ${place}, format: ${format}, fields: [${fields.join(', ')}] }
    locations: [{ match: /, upstream: app }]
`
  }
  const rest = `frontends:
${frontend('text', text, 'text')}${frontend('json', json, isHttpd(proxy) ? 'text' : 'json')}upstreams:
  app: { affinity: { method: jvm_route }, servers: { a: "127.0.0.1:${app.port}" } }
`
  await proxy.start(server, artifactsFor(proxy, server, rest), [text, json])
  const read = (name: string) => () => {
    const file = join(dir, `${name}.log`)
    if (proxy.title.startsWith('HAProxy')) return syslog.lines()
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  }
  const headers = {
    Host: 'Shop.Example.com:81',
    Cookie: 'JSESSIONID=X.a',
    'User-Agent': 'a "quoted" agent',
    'X-Forwarded-For': '192.0.2.7',
  }
  const targets: readonly (readonly [string, number])[] = [
    ['text', text],
    ['json', json],
  ]
  for (const [name, port] of targets) {
    const path = `/${name}/a%20b`
    const { status } = await send({ port, path: `${path}?x=1`, headers })
    const isJson = name === 'json' && !isHttpd(proxy)
    const isSlashEscaped = isJson && proxy.title.startsWith('HAProxy')
    const line = await lineWith(`${name}${isSlashEscaped ? '\\/' : '/'}a%20b`, read(name))
    const members = membersOf(line, isJson)
    expect(members.map(([field]) => field)).toEqual(fields)
    expect(Object.fromEntries(members)).toEqual({
      'response.status': String(status),
      'request.path': path,
      'request.uri': `${path}?x=1`,
      'client.address': '192.0.2.7',
      time: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d$/),
      duration: expect.stringMatching(/^(0|[1-9]\d*)$/),
      'request.method': 'GET',
      'request.host': 'shop.example.com',
      'request.protocol': 'HTTP/1.1',
      'request.userAgent': expect.stringMatching(/^a (\\"|\\x22|")quoted(\\"|\\x22|") agent$/),
      'request.referer': expect.stringMatching(/^-?$/),
      'tls.version': expect.stringMatching(/^-?$/),
      server: serverOf(proxy, `127.0.0.1:${app.port}`),
      route: 'a',
    })
  }
}

for (const proxy of allProxies)
  withServers(
    { server: proxy.server },
    `${proxy.title}: logs the fields of the spec in their order`,
    ({ server }) => logsFields(proxy, server),
    { concurrent: true },
  )
