import { atValue } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import { listenerKey, machineOf } from '../../model/network.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** Any client that reaches the listener could choose the address that it appears to have. */
export const proxyProtocolEveryone: Rule = ({ frontends }, findings) => {
  for (const { listeners, proxyProtocol } of frontends) {
    if (proxyProtocol === null || proxyProtocol.trust.length > 0) continue
    const open = listeners.find(
      ({ address, proxyProtocol: isUsed }) => isUsed && machineOf(address) !== 'localhost',
    )
    if (open === undefined) continue
    report(
      findings,
      'proxy-protocol-everyone',
      atValue([...open.path, 'proxyProtocol']),
      `any client that can connect to ${formatAddress(open.address)} chooses the address that it appears to have`,
      'write clientAddress: { trust: [NETWORK] } with the networks of the proxies in front',
    )
  }
}

/** A connection begins with the header or not, before a frontend is selected by the host. */
export const proxyProtocolDiffers: Rule = ({ frontends }, findings) => {
  const first = new Map<string, boolean>()
  for (const { address, path, proxyProtocol } of frontends.flatMap(({ listeners }) => listeners)) {
    const key = listenerKey(address)
    const known = first.get(key) ?? proxyProtocol
    first.set(key, known)
    if (known === proxyProtocol) continue
    report(
      findings,
      'proxy-protocol-differs',
      atValue(path),
      `${formatAddress(address)} is used with and without the PROXY protocol`,
      'set proxyProtocol: true on the listeners of all frontends with this address, or use another address',
    )
  }
}
