import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { type Address, parseAddress } from '../address.ts'
import { report } from '../codes.ts'
import { parseNetwork } from '../network.ts'

/** Replaces an invalid address, so that the rest of the spec is checked too. */
export const nowhere: Address = { kind: 'inet', host: '0.0.0.0', port: 1 }

export const resolveAddress = (text: string, path: SpecPath, findings: Findings): Address => {
  const address = parseAddress(text)
  if (typeof address !== 'string') return address
  report(findings, 'address-invalid', atValue(path), address, null)
  return nowhere
}

/** Reports entries that are neither an address, a network nor `all`. */
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
      `"${network}" is not an address or network`,
      'write an address or network, such as 10.0.0.0/8 or 2001:db8::1',
    )
  }
  return networks
}
