import { portIn } from '../lab/environment.ts'
import type { Upstream } from '../model/cluster.ts'
import type { UpstreamPair } from '../review/index.ts'

/** The ports of the servers of an upstream in the lab, by their names. */
export const portsOf = ({
  servers,
}: Upstream): readonly (readonly [name: string, port: number])[] =>
  servers.map(({ name, address }) => [name, portIn(address)])

/** The ports of servers whose application neither spec describes: sessctl does not restart them. */
export const foreignPorts = (pairs: readonly UpstreamPair[]): ReadonlySet<number> =>
  new Set(
    pairs.flatMap(({ before, after }) =>
      before.app.runtime === 'none' && after.app.runtime === 'none'
        ? portsOf(before).map(([, port]) => port)
        : [],
    ),
  )
