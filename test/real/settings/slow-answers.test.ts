import { createServer } from 'node:http'
import { beforeAll, expect } from 'vitest'
import { atEnd } from '../support/cleanup.ts'
import { freePort, freePorts } from '../support/free-port.ts'
import { artifactsFor, nginxOf } from '../support/proxies.ts'
import { withServers } from '../support/servers.ts'
import { send } from './send.ts'

/** Answers its name, for `/report` after so many milliseconds. */
const startServer = async (name: string, reportMs: number): Promise<number> => {
  const server = createServer({ keepAliveTimeout: 0 }, ({ url = '' }, response) => {
    if (url.endsWith('/report')) setTimeout(() => response.end(name), reportMs)
    else response.end(name)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  atEnd({
    cleanUp: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
    abandon: () => server.closeAllConnections(),
  })
  return port
}

let slow: number
let fast: number

beforeAll(async () => {
  slow = await startServer('slow', 4500)
  fast = await startServer('fast', 0)
})

const frontend = (name: string, port: number, read: string): string =>
  `  ${name}: { listen: ["127.0.0.1:${port}"], timeouts: { read: ${read} }, locations: [{ match: /, upstream: ${name} }] }`

const upstream = (name: string, more = ''): string => `  ${name}:
    affinity: { method: jvm_route }
    servers:
      slow: { address: "127.0.0.1:${slow}"${more} }
      fast: { address: "127.0.0.1:${fast}"${more} }`

const specOf = ([short = 0, long = 0, lenient = 0]: readonly number[]): string => `frontends:
${frontend('short', short, '3s')}
${frontend('long', long, '30s')}
${frontend('lenient', lenient, '3s')}
upstreams:
${upstream('short')}
${upstream('long')}
${upstream('lenient', ', maxFails: 0')}
`

/** Which server answers a session of the slow one: before, during and after its report. */
const answeredBy = async (port: number): Promise<readonly string[]> => {
  const headers = { Cookie: 'JSESSIONID=1.slow' }
  const answers: string[] = []
  for (const path of ['/', '/report', '/'])
    answers.push((await send({ port, path, headers })).body.toString())
  return answers
}

for (const proxy of ['1.18', '1.30'].map(nginxOf))
  withServers(
    { server: proxy.server },
    `${proxy.title}: an answer slower than timeouts.read moves a session, and does not with either remedy of slow-answer-moves-sessions`,
    async ({ server }) => {
      const ports = await freePorts(3)
      await proxy.start(server, artifactsFor(proxy, server, specOf(ports)), ports)
      const [short, long, lenient] = await Promise.all(ports.map(answeredBy))
      expect({ short, long, lenient }).toEqual({
        short: ['slow', 'fast', 'fast'],
        long: ['slow', 'slow', 'slow'],
        // The request is sent again, and the server keeps its sessions.
        lenient: ['slow', 'fast', 'slow'],
      })
    },
  )
