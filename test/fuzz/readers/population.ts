import {
  clientsFrom,
  listedAddresses,
  loggedClients,
} from '../../../src/core/simulate/population/read.ts'
import type { Read } from '../read.ts'

export const read: Read = (bytes) => {
  const text = bytes.toString('utf8')
  for (const listed of [loggedClients(text), listedAddresses(text)]) {
    if ('problem' in listed) continue
    const { count, nameOf } = clientsFrom(listed, 10, 1, { withoutCookies: 0.1, tabs: 1 })
    for (let client = 0; client < count; client++) nameOf(client)
  }
}
