import { connect, createServer } from 'node:net'
import { expect } from 'vitest'
import { atEnd } from '../support/cleanup.ts'
import { freePort, freePorts } from '../support/free-port.ts'
import { allProxies, artifactsFor } from '../support/proxies.ts'
import { withServers } from '../support/servers.ts'

/** A server that upgrades each connection and never closes one, not even one that the client has closed. */
const startSilent = async (): Promise<number> => {
  const port = await freePort()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () =>
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: test\r\nConnection: Upgrade\r\n\r\n',
      ),
    )
    socket.on('error', () => socket.destroy())
    const destroy = () => {
      socket.destroy()
    }
    atEnd({ cleanUp: destroy, abandon: destroy })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () => {
    server.close()
  }
  atEnd({ cleanUp: close, abandon: close })
  return port
}

/** Whether an upgraded connection ends within some seconds after the client closed its direction. */
const endsAfterClose = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: test\r\nConnection: Upgrade\r\n\r\n')
    socket.once('error', reject)
    socket.once('data', (bytes) => {
      if (!String(bytes).startsWith('HTTP/1.1 101')) reject(new Error(String(bytes)))
      const ended = (isEnded: boolean) => () => {
        resolve(isEnded)
        socket.destroy()
      }
      socket.once('end', ended(true))
      setTimeout(ended(false), 4000).unref()
      socket.end()
    })
  })

const haproxies = allProxies.filter(({ title }) => /^HAProxy 2\./.test(title))

for (const proxy of haproxies)
  withServers(
    { server: proxy.server },
    `${proxy.title} closes upgraded connections that the client has closed`,
    async ({ server }) => {
      const app = await startSilent()
      const [quick = 0, patient = 0] = await freePorts(2)
      const frontend = (name: string, port: number, timeouts: string) =>
        `  ${name}: { listen: ["127.0.0.1:${port}"], timeouts: { tunnel: 1h${timeouts} }, locations: [{ match: /, upstream: ${name} }] }\n`
      const upstream = (name: string) => `  ${name}: { servers: { app: "127.0.0.1:${app}" } }\n`
      const spec = `frontends:
${frontend('quick', quick, ', closing: 1s')}${frontend('patient', patient, '')}upstreams:
${upstream('quick')}${upstream('patient')}`
      await proxy.start(server, artifactsFor(proxy, server, spec), [quick, patient])
      const [closed, open] = await Promise.all([endsAfterClose(quick), endsAfterClose(patient)])
      expect({ closed, open }).toEqual({ closed: true, open: false })
    },
    { concurrent: true },
  )
