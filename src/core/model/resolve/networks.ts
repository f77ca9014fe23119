import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { parseNetwork } from '../network.ts'
import { type Issues, report } from './issues.ts'

/** Reports what is neither an address nor a network nor `all`. */
export const checkNetworks = (
  networks: readonly string[],
  path: SpecPath,
  issues: Issues,
): readonly string[] => {
  for (const [index, network] of networks.entries()) {
    if (network === 'all' || parseNetwork(network) !== null) continue
    issues.push(
      report(
        'address-invalid',
        atValue([...path, index]),
        `"${network}" is no address or network`,
        'such as 10.0.0.0/8 or 2001:db8::1',
      ),
    )
  }
  return networks
}
