import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ClientAddress } from '../../model/cluster.ts'
import { wholeFamilies } from '../../model/coverage.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

const finding = (path: ClientAddress['path'], index: number | null, who: string): Diagnostic =>
  report(
    'trust-everyone',
    atValue([...path, 'trust', ...(index === null ? [] : [index])]),
    `${who} is everybody: any client is believed, whatever address it names`,
    'name the networks of the proxies in front',
  )

const check = ({ path, trust }: ClientAddress): readonly Diagnostic[] => {
  const whole = trust.flatMap((network, index) =>
    /\/0+$/.test(network) ? [finding(path, index, `"${network}"`)] : [],
  )
  if (whole.length > 0) return whole
  const [together] = wholeFamilies(trust)
  return together === undefined
    ? []
    : [finding(path, null, `the whole list, ${together} together,`)]
}

/** `trust` with networks of all addresses, in one or in parts: the header of any client is believed. */
export const trustEveryone: ListingRule = (cluster) =>
  cluster.frontends.flatMap(({ clientAddress }) => (clientAddress ? check(clientAddress) : []))
