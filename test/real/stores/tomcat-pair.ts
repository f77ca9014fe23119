import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { freePorts } from '../support/free-port.ts'
import { get } from '../support/http.ts'
import type { Jars, Tomcat } from '../support/servers.ts'
import { type RunningTomcat, stageTomcat, startTomcat } from '../support/tomcat.ts'
import { until, within } from './wait.ts'

export interface Wanted {
  readonly tomcat: Tomcat
  /** Of the spec, such as `{ store: delta }`. */
  readonly sessions: string
  readonly stores?: string
  readonly affinity?: string
  /** For `lib`. */
  readonly jars?: Jars
  readonly env?: Readonly<Record<string, string>>
}

/** A cluster as the spec says it, on free ports of this machine. */
const specFor = ({ tomcat, sessions, stores, affinity }: Wanted, ports: readonly number[]) => {
  const [a = 0, b = 0, downA = 0, downB = 0] = ports
  const server = (port: number, down: number) =>
    `{ address: "127.0.0.1:${port}", tomcat: { shutdownPort: ${down} } }`
  return `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: ${affinity ?? '{ method: jvm_route }'}
    servers: { tomcat01: ${server(a, downA)}, tomcat02: ${server(b, downB)} }
    app: { runtime: tomcat, version: "${tomcat.version}", sessions: ${sessions} }
${stores === undefined ? '' : `stores: ${stores}\n`}`
}

const webXml = `<?xml version="1.0" encoding="UTF-8"?>
<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0"><distributable/></web-app>
`

/** What one server answers about the session of a browser. */
export interface Seen {
  readonly session: string | null
  readonly count: number
  readonly isNew: boolean
  readonly route: string
}

export interface Node {
  readonly running: RunningTomcat
  /** Asks for the page that counts the requests of a session. */
  readonly visit: (cookies: Map<string, string>) => Promise<Seen>
}

export interface Pair {
  readonly first: Node
  readonly second: Node
  /** All that was written, by path. */
  readonly artifacts: ReadonlyMap<string, string>
}

const nodeOf = (running: RunningTomcat, port: number): Node => ({
  running,
  visit: async (cookies) => {
    const { body, status } = await get(`http://127.0.0.1:${port}/session.jsp`, {
      cookies,
      timeout: 60_000,
    })
    if (status !== 200) throw new Error(`${status}: ${body}\n${running.output()}`)
    return JSON.parse(body) as Seen
  },
})

/** What sessctl writes, as the two Tomcats get it. */
export const compilePair = async (wanted: Wanted) => {
  const ports = await freePorts(4)
  // Replication must not take a port that somebody else has.
  const [replication = 0] = await freePorts(1)
  const spec = specFor(wanted, ports).replace('PORT', String(replication))
  const { artifacts, diagnostics } = compileText(spec)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return { ports, artifacts }
}

/** Starts two Tomcats with exactly what sessctl writes; both say nothing of what they do not know. */
export const startPair = async (wanted: Wanted): Promise<Pair> => {
  const { ports, artifacts } = await compilePair(wanted)
  const start = async (name: string, index: number) => {
    const own = artifacts.filter(({ path }) => path.startsWith(`tomcat/${name}/`))
    const base = stageTomcat(wanted.tomcat, { serverXml: '', webXml })
    for (const { path, bytes } of own) {
      const file = join(base.dir, path.replace(`tomcat/${name}/`, ''))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
    }
    mkdirSync(join(base.dir, 'lib'), { recursive: true })
    for (const jar of wanted.jars?.files ?? [])
      copyFileSync(jar, join(base.dir, 'lib', basename(jar)))
    const port = ports[index] ?? 0
    const roomy = { ...base, jvm: ['-Xmx192m'] }
    return nodeOf(await startTomcat(roomy, [port], wanted.env), port)
  }
  // Not both at once: a DeltaManager that is asked for its sessions before it runs gives no answer,
  // and the other one waits a minute for it and says so.
  const first = await start('tomcat01', 0)
  const second = await start('tomcat02', 1)
  for (const { running } of [first, second]) expect(running.warnings()).toEqual([])
  return { first, second, artifacts: new Map(artifacts.map(({ path, text }) => [path, text])) }
}

/** Two requests of a new browser, both to the first server. */
const begin = async ({ first }: Pair, cookies: Map<string, string>): Promise<void> => {
  expect(await first.visit(cookies)).toMatchObject({ count: 1, isNew: true })
  expect(await first.visit(cookies)).toMatchObject({ count: 2 })
}

/** Of what follows a death the other one may well complain. */
const expectSilence = ({ first, second }: Pair): void => {
  for (const { running } of [first, second]) expect(running.warnings()).toEqual([])
}

/** The first server is killed between two requests: the second one answers from the same session. */
export const expectKept = async (pair: Pair): Promise<Seen> => {
  const cookies = new Map<string, string>()
  await begin(pair, cookies)
  expectSilence(pair)
  await pair.first.running.kill()
  const seen = await pair.second.visit(cookies)
  expect(seen, pair.second.running.output()).toMatchObject({ count: 3 })
  expect(await pair.second.visit(cookies)).toMatchObject({ count: 4 })
  await pair.second.running.stop()
  return seen
}

/** The same, and nothing is left. */
export const expectLost = async (pair: Pair): Promise<void> => {
  const cookies = new Map<string, string>()
  await begin(pair, cookies)
  await pair.first.running.kill()
  expect(await pair.second.visit(cookies)).toMatchObject({ count: 1, isNew: true })
  await pair.second.running.stop()
}

/** Until both are members of one cluster. */
export const meet = async ({ first, second }: Pair): Promise<void> => {
  for (const { running } of [first, second]) {
    await until('the other member', () =>
      running.lines().some((line) => line.includes('Replication member added')) ? true : null,
    )
  }
}

/**
 * A session of which the second server has a copy. Copies are sent after the response, and not again:
 * one that is sent while the members lose sight of each other for a moment does not arrive.
 */
const copied = async (pair: Pair) => {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const cookies = new Map<string, string>()
    await begin(pair, cookies)
    const seen = await within(15_000, async () => {
      // A look that finds no session begins one, with a cookie that would replace ours.
      const mine = new Map(cookies)
      const found = await pair.second.visit(mine)
      return found.isNew ? null : { cookies: mine, count: found.count }
    })
    if (seen !== null) return seen
  }
  throw new Error(`no session was copied\n${pair.second.running.output()}`)
}

/** The first server is killed once the second one has a copy, which then goes on. */
export const expectReplicated = async (pair: Pair): Promise<Seen> => {
  await meet(pair)
  const { cookies, count } = await copied(pair)
  // The last of the changes may still be under way.
  expect(count).toBeGreaterThan(1)
  expectSilence(pair)
  await pair.first.running.kill()
  const after = await pair.second.visit(cookies)
  expect(after).toMatchObject({ count: count + 1 })
  await pair.second.running.stop()
  return after
}
