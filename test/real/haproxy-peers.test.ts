import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { startServer } from './support/process.ts'
import { artifactOf } from './support/proxied.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const sessions = 200

withServers(
  { haproxy: findServer('haproxy', '3.0') },
  'learned sessions survive a reload of HAProxy, and status pages ask for a password',
  async ({ haproxy }) => {
    let next = 0
    const cookie = () => `SID=s${next++}; Path=/`
    const [a, b] = [await startBackend('a', { cookie }), await startBackend('b', { cookie })]
    const [port, peer] = [await freePort(), await freePort()]
    const config = artifactOf(
      `version: 1
name: test
targets:
  haproxy: { version: "3.0", maxConnections: 500, peers: { lb1: "127.0.0.1:${peer}" }, stats: { user: admin, password: { env: STATS_PASSWORD } } }
frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations: [{ match: /, upstream: app }, { match: /status, status: app }]
upstreams:
  app:
    affinity: { method: sticky, by: learn, create: $upstream_cookie_SID, lookup: $cookie_SID }
    connections: { mode: server-close, reuse: never }
    fullConns: 100
    servers:
      n1: { address: "127.0.0.1:${a.port}", maxConns: 50, minConns: 5 }
      n2: { address: "127.0.0.1:${b.port}", maxConns: 50, minConns: 5 }
`,
      'haproxy/haproxy.cfg',
    )
    expect(config).not.toContain('s3cr3t')
    const dir = tempDir()
    writeFileSync(join(dir, 'haproxy.cfg'), config)
    // A reload: the new process tells the old one to finish (-sf), and gets its sessions first.
    const start = (...more: readonly string[]) =>
      startServer([haproxy.command, '-db', '-f', 'haproxy.cfg', ...more], {
        cwd: dir,
        ports: [port],
        env: { STATS_PASSWORD: 's3cr3t' },
      })
    const first = await start()
    const serverOf = async (session: number): Promise<string> => {
      const headers = { Cookie: `SID=s${session}` }
      return seenBy(await get(`http://127.0.0.1:${port}/`, { headers })).name
    }
    const home = new Map<number, string>()
    for (let session = 0; session < sessions; session++) {
      const response = await get(`http://127.0.0.1:${port}/login`)
      const id = Number(response.setCookies[0]?.value.slice(1))
      home.set(id, seenBy(response).name)
    }
    expect(home.size).toBe(sessions)
    expect(new Set(home.values()).size).toBe(2)

    const status = (login: string | null) =>
      get(`http://127.0.0.1:${port}/status`, {
        headers:
          login === null ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` },
      })
    expect((await status(null)).status).toBe(401)
    expect((await status('admin:wrong')).status).toBe(401)
    expect((await status('admin:s3cr3t')).status).toBe(200)

    const pidOf = async (): Promise<string> =>
      /pid = <\/b> (\d+)/.exec((await status('admin:s3cr3t')).body)?.[1] ?? ''
    const before = await pidOf()
    const second = await start('-sf', before)
    await expect.poll(pidOf, { timeout: 60_000, interval: 100 }).not.toBe(before)
    await first.exit
    const stayed: number[] = []
    for (const [session, name] of home) if ((await serverOf(session)) === name) stayed.push(session)
    expect(stayed).toHaveLength(sessions)
    await second.stop()
  },
)
