import { atValue } from '../../../diagnostics/diagnostic.ts'
import { blockOf } from '../block.ts'
import { report } from '../codes.ts'
import { serverLine } from '../server-line.ts'
import type { Context, Form, Part } from './form.ts'
import { partOf } from './form.ts'

/** No affinity: any server takes any request, so that draining is the same as being down. */
const write = ({ upstream, features, zone }: Context): Part => {
  const block = {
    ...blockOf(upstream, features, zone),
    servers: upstream.servers.map((server) =>
      serverLine(
        server,
        server.state === 'drain' ? 'down' : server.state === 'up' ? null : server.state,
      ),
    ),
  }
  const warnings = upstream.servers
    .filter(({ state }) => state === 'drain')
    .map(({ name, path }) =>
      report(
        'nginx-drain-is-down',
        atValue([...path, 'state']),
        `"${name}" is written as down: without an affinity it has no sessions of its own to keep`,
        null,
      ),
    )
  return { ...partOf(block), warnings }
}

export const plain: Form = {
  via: 'native',
  title: 'plain balancing',
  missing: null,
  limits: {
    balance: 'any',
    backup: true,
    drain: true,
    strict: false,
    zone: true,
    maxConns: true,
    maxBusy: false,
    routes: false,
  },
  refusals: () => [],
  write,
}
