import { setCookiePair } from '../../core/traffic/cookies.ts'
import type { EventName } from '../../core/traffic/exchange.ts'
import { ToolError } from '../../errors.ts'
import type { Line, TrafficWorld } from '../../ports/traffic.ts'
import type { LabRunning } from './cluster.ts'
import { untilMet } from './members.ts'
import type { Running } from './running.ts'

/** What becomes of a cluster in the midst of a scenario, and how it is put right afterwards. */
export interface Events {
  /** The name of the server that it happened to; null: of none. */
  readonly happen: (event: EventName) => Promise<string | null>
  readonly putRight: () => Promise<void>
}

export interface Probe {
  readonly line: Line
  readonly path: string
  readonly hasManyAddresses: boolean
  readonly clock: TrafficWorld['clock']
  /** How many answers of each server were seen in this scenario. */
  readonly seen: ReadonlyMap<string, number>
}

const stepMs = 100
const firstProbe = 1_000_000
/** Beyond the time for which the balancer leaves a server alone that failed. */
const graceMs = 15_000
const standardFailTimeoutMs = 10_000

interface Visit {
  readonly server: string | null
  readonly cookies: string
}

/** One request of a probing client, who has an address of its own where there are several. */
const visit = async (
  { line, path, hasManyAddresses }: Probe,
  nth: number,
  cookies = '',
): Promise<Visit> => {
  const from = hasManyAddresses ? `127.${2 + (nth % 50)}.${1 + (nth % 250)}.7` : null
  const headers = cookies === '' ? {} : { Cookie: cookies }
  const { answer } = await line.ask({ path, headers, from, client: firstProbe + nth })
  const set = answer?.headers.get('set-cookie') ?? []
  return {
    server: answer?.headers.get('x-lab-server')?.at(-1) ?? null,
    cookies: set.map((header) => setCookiePair(header).join('=')).join('; '),
  }
}

export const eventsOn = (running: LabRunning, probe: Probe): Events => {
  const { plan, stores, servers, balancer } = running
  const { clock } = probe
  const names = plan.upstream.servers.map(({ name }) => name)
  let dead: string | null = null
  let isDrained = false
  let asked = 0

  const one = (name: string): Running => {
    const found = servers.get(name)
    if (found === undefined) throw new ToolError(`the lab has no server ${name}`)
    return found
  }
  /** Of those that take traffic, the one with most of it. */
  const busiest = (): string => {
    const [first = ''] = [...names].sort(
      (a, b) => (probe.seen.get(b) ?? 0) - (probe.seen.get(a) ?? 0),
    )
    return first
  }
  /** A new client is sent there, and stays: the balancer may have several opinions of one server. */
  const takesClients = async (name: string): Promise<boolean> => {
    const nth = asked++
    const first = await visit(probe, nth)
    if (first.server !== name || plan.upstream.affinity.method === 'none')
      return first.server === name
    return (await visit(probe, nth, first.cookies)).server === name
  }
  /** The balancer comes back to it in its own time; some ways of balancing never do for these clients. */
  const untilUsed = async (name: string): Promise<void> => {
    const waits = plan.upstream.servers.map(
      ({ failTimeoutMs }) => failTimeoutMs ?? standardFailTimeoutMs,
    )
    const end = clock.ticks() + Math.max(...waits) + graceMs
    while (clock.ticks() < end) {
      if (await takesClients(name)) return
      await clock.wait(stepMs)
    }
  }
  const untilAvoided = async (name: string): Promise<void> => {
    const end = clock.ticks() + graceMs
    let misses = 0
    while (clock.ticks() < end && misses < 4 * names.length) {
      misses = (await visit(probe, asked++)).server === name ? 0 : misses + 1
      if (misses === 0) await clock.wait(stepMs)
    }
  }
  const startAgain = async (name: string): Promise<void> => {
    await one(name).start()
    await untilMet(servers, clock)
    await untilUsed(name)
    dead = null
  }

  const happen = async (event: EventName): Promise<string | null> => {
    switch (event) {
      case 'kill-server': {
        dead = busiest()
        await one(dead).kill()
        return dead
      }
      case 'start-server': {
        const name = dead ?? busiest()
        await startAgain(name)
        return name
      }
      case 'drain-server': {
        const name = busiest()
        const changed = plan.drained(name)
        if (typeof changed === 'string') throw new ToolError(changed)
        isDrained = true
        await balancer.reload(changed)
        await untilAvoided(name)
        return name
      }
      case 'restart-servers':
        for (const name of names) {
          await one(name).stop()
          await startAgain(name)
        }
        return null
      case 'restart-store':
        for (const store of stores) {
          await store.stop()
          await store.start()
        }
        return null
    }
  }
  return {
    happen,
    putRight: async () => {
      if (dead !== null) await startAgain(dead)
      if (isDrained) {
        await balancer.reload(plan.balancer)
        await clock.wait(stepMs)
        for (const name of names) await untilUsed(name)
      }
      isDrained = false
    },
  }
}
