import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Address } from '../address.ts'
import { report } from '../codes.ts'
import { durationMs } from '../duration.ts'
import { isHostName } from '../ip.ts'
import type { Resolver } from '../resolver.ts'
import { resolveAddress } from './addresses.ts'

type SpecResolver = NonNullable<Spec['targets']['nginx']>['resolver']

const isIpAddress = (address: Address): boolean =>
  address.kind === 'inet' && address.host !== null && !isHostName(address.host)

export const resolveResolver = (
  written: SpecResolver,
  path: SpecPath,
  findings: Findings,
): Resolver | null => {
  if (written === undefined) return null
  const addresses = written.addresses.map((text, index) => {
    const at = [...path, 'addresses', index]
    const address = resolveAddress(text, at, findings)
    if (!isIpAddress(address)) {
      report(
        findings,
        'resolver-address',
        atValue(at),
        `"${text}" is not the IP address and port of a DNS server`,
        'write an address such as "10.0.0.2:53"',
      )
    }
    return address
  })
  return {
    addresses,
    validMs: written.valid === undefined ? null : durationMs(written.valid),
    path,
  }
}
