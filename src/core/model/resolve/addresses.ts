import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { type Address, parseAddress } from '../address.ts'
import { report } from '../codes.ts'
import { parseNetwork } from '../network.ts'

/** Where nothing better is known the rest of the work goes on with an address that reaches nobody. */
export const nowhere: Address = { kind: 'inet', host: '0.0.0.0', port: 1 }

export const resolveAddress = (text: string, path: SpecPath, findings: Findings): Address => {
  const address = parseAddress(text)
  if (typeof address !== 'string') return address
  report(findings, 'address-invalid', atValue(path), address, null)
  return nowhere
}

/** Reports what is neither an address nor a network nor `all`. */
export const checkNetworks = (
  networks: readonly string[],
  path: SpecPath,
  findings: Findings,
): readonly string[] => {
  for (const [index, network] of networks.entries()) {
    if (network === 'all' || parseNetwork(network) !== null) continue
    report(
      findings,
      'address-invalid',
      atValue([...path, index]),
      `"${network}" is no address or network`,
      'such as 10.0.0.0/8 or 2001:db8::1',
    )
  }
  return networks
}
