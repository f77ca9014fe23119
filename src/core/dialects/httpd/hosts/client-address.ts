import type { ClientAddress } from '../../../model/cluster.ts'
import { bracketedHop, hopWithPort, shortHop, spoiledHop, unknownHop } from '../../hop.ts'

/** RequestHeader edit* … early: before mod_remoteip reads the header. */
export interface HopView {
  readonly header: string
  readonly expression: string
  readonly value: string
}

export interface ClientAddressView {
  readonly header: string
  readonly trust: readonly string[]
  readonly hops: readonly HopView[]
}

/** One element of the list; the address is then the second group. */
const element = (expression: string): string => `(^|,)[ \\t]*${expression}(?=[ \\t]*(?:,|$))`

/** mod_remoteip reads neither ports nor brackets, and takes 203.0.113 for 203.0.0.113. */
const hops: readonly Omit<HopView, 'header'>[] = [
  { expression: element(bracketedHop), value: '$1$2' },
  { expression: element(hopWithPort), value: '$1$2' },
  { expression: element(spoiledHop), value: `$1${unknownHop}` },
  { expression: element(shortHop), value: `$1${unknownHop}` },
]

export const clientAddressView = ({ header, trust }: ClientAddress): ClientAddressView => ({
  header,
  trust,
  hops: hops.map((hop) => ({ header, ...hop })),
})
