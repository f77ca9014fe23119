import { atValue } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** `trust` with a network of all addresses: the header of any client is believed. */
export const trustEveryone: Rule = (cluster) =>
  cluster.frontends.flatMap(({ clientAddress }) =>
    (clientAddress?.trust ?? []).flatMap((network, index) =>
      /\/0+$/.test(network)
        ? [
            report(
              'trust-everyone',
              atValue([...(clientAddress?.path ?? []), 'trust', index]),
              `"${network}" is everybody: any client is believed, whatever address it names`,
              'name the networks of the proxies in front',
            ),
          ]
        : [],
    ),
  )
