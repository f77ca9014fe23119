import { networkInterfaces } from 'node:os'
import type { Missing } from './servers.ts'

export interface Elsewhere {
  /** An IPv4 address of this machine that is not loopback: who comes from it comes from elsewhere. */
  readonly address: string
}

/** How a server sees a client from another host, without another host. */
export const elsewhere = (): Elsewhere | Missing => {
  const found = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')
  return found
    ? { address: found.address }
    : { missing: 'this machine has loopback addresses only', isGap: true }
}
