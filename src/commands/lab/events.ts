import type { Endpoint } from '../../core/traffic/client.ts'
import { setCookiePair } from '../../core/traffic/cookies.ts'
import type { EventName } from '../../core/traffic/exchange.ts'
import { ToolError } from '../../errors.ts'
import type { HttpClient } from '../../ports/traffic.ts'
import type { Clock } from '../../ports.ts'
import type { TriggerEvent } from '../traffic/drive.ts'
import type { RunningCluster } from './cluster.ts'
import type { RunningProcess } from './process.ts'
import { waitForMembers } from './process.ts'

/** Changes a running cluster for a scenario, and restores it afterwards. */
export interface Events {
  readonly trigger: TriggerEvent
  readonly restore: () => Promise<void>
}

/** Sends requests in addition to those of the scenario, to see when an event has taken effect. */
export interface Probe {
  readonly client: HttpClient
  readonly endpoint: Endpoint
  readonly clock: Clock
  /** The number of responses of each server in this scenario. */
  readonly counts: ReadonlyMap<string, number>
}

const stepMs = 100
/** Above the numbers of the scenario's clients. */
const firstProbe = 1_000_000
/** In addition to the time for which the balancer avoids a failed server. */
const graceMs = 15_000
const defaultFailTimeoutMs = 10_000

/** Sends a request of a new client, from an address of its own if possible. */
const sendProbe = async ({ client, endpoint }: Probe, nth: number, cookies = '') => {
  const { path, hasManyAddresses } = endpoint
  const { response } = await client.send({
    path,
    headers: cookies === '' ? {} : { Cookie: cookies },
    localAddress: hasManyAddresses ? `127.${2 + (nth % 50)}.${1 + (nth % 250)}.7` : null,
    client: firstProbe + nth,
  })
  const setCookies = response?.headers.get('set-cookie') ?? []
  return {
    server: response?.headers.get('x-lab-server')?.at(-1) ?? null,
    cookies: setCookies.map((header) => setCookiePair(header).join('=')).join('; '),
  }
}

export const eventsOn = (running: RunningCluster, probe: Probe): Events => {
  const { plan, stores, servers, balancer } = running
  const { clock, counts } = probe
  const names = plan.upstream.servers.map(({ name }) => name)
  let killed: string | null = null
  let isDrained = false
  let probes = 0

  const processOf = (name: string): RunningProcess => {
    const found = servers.get(name)
    if (found === undefined) throw new ToolError(`the lab has no server ${name}`)
    return found
  }
  /** The server with the most responses, so that the event affects sessions. */
  const busiest = (): string => {
    const [first = ''] = [...names].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    return first
  }
  /** A new client is sent to the server twice: workers of a balancer can disagree about its state. */
  const takesClients = async (name: string): Promise<boolean> => {
    const nth = probes++
    const first = await sendProbe(probe, nth)
    if (first.server !== name || plan.upstream.affinity.method === 'none')
      return first.server === name
    return (await sendProbe(probe, nth, first.cookies)).server === name
  }
  /** Gives up after a while: some methods never send these clients to the server. */
  const waitUntilUsed = async (name: string): Promise<void> => {
    const waits = plan.upstream.servers.map(
      ({ failTimeoutMs }) => failTimeoutMs ?? defaultFailTimeoutMs,
    )
    const end = clock.ticks() + Math.max(...waits) + graceMs
    while (clock.ticks() < end) {
      if (await takesClients(name)) return
      await clock.wait(stepMs)
    }
  }
  const waitUntilAvoided = async (name: string): Promise<void> => {
    const end = clock.ticks() + graceMs
    let misses = 0
    while (clock.ticks() < end && misses < 4 * names.length) {
      misses = (await sendProbe(probe, probes++)).server === name ? 0 : misses + 1
      if (misses === 0) await clock.wait(stepMs)
    }
  }
  const startServer = async (name: string): Promise<void> => {
    await processOf(name).start()
    await waitForMembers(servers, clock)
    await waitUntilUsed(name)
    killed = null
  }

  const trigger = async (event: EventName): Promise<string | null> => {
    switch (event) {
      case 'kill-server': {
        killed = busiest()
        await processOf(killed).kill()
        return killed
      }
      case 'start-server': {
        const name = killed ?? busiest()
        await startServer(name)
        return name
      }
      case 'drain-server': {
        const name = busiest()
        const changed = plan.drained(name)
        if (typeof changed === 'string') throw new ToolError(changed)
        isDrained = true
        await balancer.reload(changed)
        await waitUntilAvoided(name)
        return name
      }
      case 'restart-servers':
        for (const name of names) {
          await processOf(name).stop()
          await startServer(name)
        }
        return null
      case 'restart-store':
        for (const store of stores) {
          await store.stop()
          await store.start()
        }
        return null
      case 'apply-change':
        throw new ToolError('a lab of one spec has no change to apply')
    }
  }
  return {
    trigger,
    restore: async () => {
      if (killed !== null) await startServer(killed)
      if (isDrained) {
        await balancer.reload(plan.balancer)
        await clock.wait(stepMs)
        for (const name of names) await waitUntilUsed(name)
      }
      isDrained = false
    },
  }
}
