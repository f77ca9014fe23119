import { lookup } from 'node:dns/promises'
import type { TrafficWorld } from '../../ports/traffic.ts'
import { canListen } from '../can-listen.ts'
import { clockOnHost, everyOnHost } from '../clock.ts'
import { screenOnHost } from '../screen.ts'
import { openHttpClient } from './http-client.ts'
import { withTimeLimit } from './limited-pattern.ts'

/** This host, for commands that drive traffic. */
export const trafficWorld = (signal: AbortSignal): TrafficWorld => ({
  openClient: (target) => {
    const line = openHttpClient(target)
    signal.addEventListener('abort', line.close, { once: true })
    const close = () => {
      signal.removeEventListener('abort', line.close)
      line.close()
    }
    return { send: line.send, upgrade: line.upgrade, close }
  },
  addressesOf: async (host) => {
    const found = await lookup(host, { all: true }).catch(() => [])
    return found.map(({ address }) => address)
  },
  hasAddress: (address) => canListen(address, 0),
  withTimeLimit: withTimeLimit,
  clock: clockOnHost(signal),
  every: everyOnHost,
  screen: screenOnHost(),
})
