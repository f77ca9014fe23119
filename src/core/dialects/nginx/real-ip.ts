import type { Frontend } from '../../model/cluster.ts'
import { withoutHostBits } from '../../model/network.ts'

/** The realip module: whose statement about the client address is used, and where it is. */
export interface RealIpView {
  readonly trust: readonly string[]
  readonly header: string
}

/** Every peer that the listeners can have. */
const everyPeer = ({ listeners }: Frontend): readonly string[] => [
  '0.0.0.0/0',
  ...(listeners.some(({ address }) => address.kind === 'inet' && address.host?.includes(':'))
    ? ['::/0']
    : []),
  ...(listeners.some(({ address }) => address.kind === 'unix') ? ['unix:'] : []),
]

export const realIpView = (frontend: Frontend): RealIpView | null => {
  const { clientAddress, proxyProtocol } = frontend
  if (proxyProtocol !== null) {
    const { trust } = proxyProtocol
    return {
      trust: trust.length === 0 ? everyPeer(frontend) : trust.map(withoutHostBits),
      header: 'proxy_protocol',
    }
  }
  return clientAddress === null
    ? null
    : { trust: clientAddress.trust.map(withoutHostBits), header: clientAddress.header }
}
