import { blockOf } from '../block.ts'
import { serverLine, stateOf } from '../server-line.ts'
import type { UpstreamView } from '../views.ts'
import { type Context, type Form, type Part, partOf } from './form.ts'

/** A pinned server is computed, not remembered: when it cannot answer there is no telling whom to keep. */
const limits = {
  balance: 'round_robin',
  backup: false,
  drain: false,
  strict: false,
  zone: true,
  maxConns: true,
  maxBusy: false,
  routes: false,
} as const

const write = (method: Partial<UpstreamView>, { upstream, features, zone }: Context): Part =>
  partOf({
    ...blockOf(upstream, features, zone),
    ...method,
    servers: upstream.servers.map((server) => serverLine(server, stateOf(server))),
  })

export const ipHash: Form = {
  via: 'native',
  title: "nginx's ip_hash",
  missing: null,
  limits,
  refusals: () => [],
  write: (context) => write({ isIpHash: true }, context),
}

export const keyHash = (key: string, consistent: boolean): Form => ({
  via: 'native',
  title: "nginx's hash",
  missing: null,
  limits,
  refusals: () => [],
  write: (context) => write({ hash: { key, consistent } }, context),
})
