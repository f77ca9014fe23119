import { expect } from 'vitest'
import type { Artifact } from '../../../src/core/render/artifact.ts'
import { freePort } from '../support/free-port.ts'
import { artifactsFor, nginxOf, type RealProxy } from '../support/proxies.ts'
import { type Recorder, startRecorder } from '../support/recorder.ts'
import { findTomcat, type Server, type Tomcat } from '../support/servers.ts'

/** A real Tomcat that records what reaches it. */
export interface Target {
  /** Of its upstream, such as t9. */
  readonly id: string
  readonly recorder: Recorder
  readonly tomcat: Tomcat
}

/** The oldest one, and those that read requests differently from each other. */
export const tomcats = {
  't7.0': findTomcat('7.0'),
  't8.5': findTomcat('8.5'),
  t9: findTomcat('9'),
  't10.1': findTomcat('10.1'),
  t11: findTomcat('11'),
}

/** Who may ask for what is restricted. */
export const insider = '127.0.0.9'

export const wide = 'wide.test'
export const narrow = 'narrow.test'

interface Place {
  readonly id: string
  readonly port: number
  readonly tomcat: Tomcat
}

/**
 * Two frontends for each Tomcat: `wide` proxies every path and restricts some, `narrow` proxies one
 * folder only.
 */
const specOf = (places: readonly Place[], ports: ReadonlyMap<string, number>): string => `frontends:
${places
  .map(
    ({ id }) => `  wide-${id}:
    listen: ["127.0.0.1:${ports.get(id)}"]
    serverNames: [${wide}]
    locations:
      - { match: /, upstream: ${id} }
      - { match: /intern/, upstream: ${id}, allow: [${insider}] }
      - { match: "= /secret", upstream: ${id}, allow: [${insider}] }
      - { match: '~ \\.png$', upstream: ${id} }
      - { match: '~ \\.adm$', upstream: ${id}, allow: [${insider}] }
  narrow-${id}:
    listen: ["127.0.0.1:${ports.get(id)}"]
    serverNames: [${narrow}]
    locations: [{ match: /ok/, upstream: ${id} }]
`,
  )
  .join('')}upstreams:
${places
  .map(
    ({ id, port, tomcat }) => `  ${id}:
    keepalive: 8
    affinity: { method: jvm_route }
    servers: { ${id.replace('.', '')}: { address: "127.0.0.1:${port}", tomcat: { shutdownPort: -1 } } }
    app: { runtime: tomcat, version: "${tomcat.version}" }
`,
  )
  .join('')}`

const serverXml = (artifacts: readonly Artifact[], id: string): string => {
  const path = `tomcat/${id.replace('.', '')}/conf/server.xml`
  const found = artifacts.find((artifact) => artifact.path === path)
  if (!found) throw new Error(`${path} was not written`)
  return found.text
}

/** Starts each Tomcat with the server.xml that is written for it. */
export const startTargets = async (): Promise<readonly Target[]> => {
  const places: Place[] = []
  for (const [id, tomcat] of Object.entries(tomcats))
    if (!('missing' in tomcat)) places.push({ id, tomcat, port: await freePort() })
  const { server } = nginxOf('1.26')
  if ('missing' in server) return []
  const ports = new Map(places.map(({ id }, index) => [id, 8000 + index]))
  const artifacts = artifactsFor(nginxOf('1.26'), server, specOf(places, ports))
  return Promise.all(
    places.map(async ({ id, tomcat, port }) => ({
      id,
      tomcat,
      recorder: await startRecorder(tomcat, serverXml(artifacts, id), port),
    })),
  )
}

/** Starts a proxy in front of them; the port for each of them. */
export const startInFront = async (
  proxy: RealProxy,
  server: Server,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, number>> => {
  const ports = new Map<string, number>()
  for (const { id } of targets) ports.set(id, await freePort())
  const places = targets.map(({ id, tomcat, recorder: { port } }) => ({ id, tomcat, port }))
  expect(places.length).toBeGreaterThan(0)
  await proxy.start(server, artifactsFor(proxy, server, specOf(places, ports)), [...ports.values()])
  await Promise.all(targets.map(({ recorder }) => recorder.requests()))
  return ports
}
