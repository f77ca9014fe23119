import { lookup } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TrafficWorld } from '../../ports/traffic.ts'
import { openLine } from './line.ts'

/** This host, for commands that drive traffic. */
export const trafficWorld = (signal: AbortSignal): TrafficWorld => ({
  open: (target) => {
    const line = openLine(target)
    signal.addEventListener('abort', line.close, { once: true })
    const close = () => {
      signal.removeEventListener('abort', line.close)
      line.close()
    }
    return { ask: line.ask, close }
  },
  addressesOf: async (host) => {
    const found = await lookup(host, { all: true }).catch(() => [])
    return found.map(({ address }) => address)
  },
  clock: {
    ticks: () => performance.now(),
    now: () => Date.now(),
    wait: async (milliseconds) => {
      await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
      signal.throwIfAborted()
    },
  },
})
