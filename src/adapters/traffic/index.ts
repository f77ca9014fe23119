import { lookup } from 'node:dns/promises'
import type { TrafficWorld } from '../../ports/traffic.ts'
import { canListen } from '../can-listen.ts'
import { clockOnHost } from '../clock.ts'
import { screenOnHost } from '../screen.ts'
import { limitedPattern } from './limited-pattern.ts'
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
  hasAddress: (address) => canListen(address, 0),
  limited: limitedPattern,
  clock: clockOnHost(signal),
  screen: screenOnHost(),
})
