import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { rawRequest } from './support/raw-http.ts'
import { type Server, withServers } from './support/servers.ts'
import { startSyslog } from './support/syslog.ts'
import { tempDir } from './support/temp-dir.ts'

/** What a client may write to end a field or a line, or to act on the terminal that shows the log. */
const attacks = [
  'a" 200 server="app/FORGED" route="x',
  'a", "status":"FORGED", "x":"',
  'a\\" 200 FORGED',
  'a\\\\" FORGED',
  'a\u001b[2J\u001b[31mFORGED',
  'a\u0007\u0008\u007f\tFORGED',
  'a\u009b31mFORGED',
  'a%0d%0a127.0.0.1 - FORGED',
  'a\r127.0.0.1 - FORGED',
  'a%22 FORGED',
  "a' FORGED %{+Q}r $request %r",
  'a\u2028\u202eFORGED',
]

interface Log {
  readonly port: number
  readonly lines: () => readonly string[]
}

const start = async (proxy: RealProxy, server: Server, format: string): Promise<Log> => {
  const dir = tempDir()
  const [port, app, syslog] = [await freePort(), await startBackend('a'), await startSyslog()]
  const isHaproxy = proxy.title.startsWith('HAProxy')
  const log = isHaproxy ? `syslog: "127.0.0.1:${syslog.port}"` : `path: ${dir}/access.log`
  const rest = `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    accessLog: { ${log}, format: ${format} }
    locations: [{ match: /, upstream: app }]
upstreams:
  app:
    affinity: { method: jvm_route }
    servers: { a: "127.0.0.1:${app.port}" }
`
  await proxy.start(server, artifactsFor(proxy, server, rest), [port])
  const file = join(dir, 'access.log')
  const ofFile = () =>
    existsSync(file) ? readFileSync(file, 'latin1').split('\n').slice(0, -1) : []
  const ofSyslog = () => syslog.lines().filter((line) => /route"?[=:]|"NOSRV|BADREQ/.test(line))
  return { port, lines: isHaproxy ? ofSyslog : ofFile }
}

const attack = async ({ port }: Log): Promise<number> => {
  let sent = 0
  for (const text of attacks) {
    const latin1 = Buffer.from(text, 'utf8').toString('utf8')
    const inUrl = latin1.replace(/[ \t]/g, '%20')
    const requests = [
      ['GET /cookie HTTP/1.1', 'Host: x', `Cookie: JSESSIONID=X.${latin1}`],
      [`GET /url;jsessionid=X.${inUrl} HTTP/1.1`, 'Host: x'],
      ['GET /agent HTTP/1.1', 'Host: x', `User-Agent: ${latin1}`, `Referer: ${latin1}`],
    ]
    for (const lines of requests) {
      await rawRequest(port, [...lines, 'Connection: close']).catch(() => '')
      sent += 1
    }
  }
  return sent
}

const settled = async (
  lines: () => readonly string[],
  most: number,
): Promise<readonly string[]> => {
  let before = -1
  for (let round = 0; round < 40 && lines().length !== before && before < most; round += 1) {
    before = lines().length
    await sleep(300)
  }
  return lines()
}

/** C0; DEL, which JSON may hold, does nothing on a terminal. */
const isControl = (line: string): boolean => [...line].some((character) => character < ' ')

const text = (line: string): string => line.slice(Math.max(0, line.indexOf('127.0.0.1')))

const shapes: Readonly<Record<string, RegExp>> = {
  nginx:
    /^127\.0\.0\.1 \[[^\]]+\] "[^"]*" \d{3} upstream="[^"]*" upstream_status="[^"]*"(?: \w+="[^"]*")*$/,
  HAProxy:
    /^127\.0\.0\.1 \[[^\]]+\] "(?:[^"\\]|\\.)*" \d{3} server="[^"]*" state="[^"]*" route=(?:"(?:[^"\\]|\\.)*"|-)$/,
  httpd:
    /^127\.0\.0\.1 \[[^\]]+\] "(?:[^"\\]|\\.)*" \d{3} server="(?:[^"\\]|\\.)*" route="(?:[^"\\]|\\.)*" server_route="(?:[^"\\]|\\.)*" route_changed="(?:[^"\\]|\\.)*"$/,
}

const titled = allProxies.map((proxy) => [proxy.title, proxy] as const)

describe.each(titled)('%s', (title, proxy) => {
  const shape = shapes[title.split(' ')[0] ?? ''] ?? /^$/

  withServers(
    { server: proxy.server },
    'keeps each request on one line of a text log',
    async ({ server }) => {
      const log = await start(proxy, server, 'text')
      const sent = await attack(log)
      const lines = await settled(log.lines, sent)
      expect(lines.length).toBeGreaterThan(sent / 2)
      expect(lines.length).toBeLessThanOrEqual(sent)
      expect(lines.filter(isControl)).toEqual([])
      expect(lines.map(text).filter((line) => !shape.test(line))).toEqual([])
    },
  )

  withServers(
    { server: proxy.server },
    'keeps each request in one object of a JSON log',
    async ({ server }) => {
      if (title.startsWith('httpd')) return
      const log = await start(proxy, server, 'json')
      const sent = await attack(log)
      const lines = await settled(log.lines, sent)
      expect(lines.length).toBeGreaterThan(sent / 2)
      expect(lines.length).toBeLessThanOrEqual(sent)
      expect(lines.filter(isControl)).toEqual([])
      for (const line of lines) {
        const { status } = JSON.parse(line.slice(line.indexOf('{'))) as { readonly status: string }
        expect(status).toMatch(/^\d{3}$/)
      }
    },
  )
})
