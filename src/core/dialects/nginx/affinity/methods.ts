import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { report } from '../codes.ts'
import {
  serverDirective,
  stateOf,
  stateWithoutDrain,
  type UpstreamView,
  upstreamBlock,
} from '../upstream-block.ts'
import {
  type Capabilities,
  type Implementation,
  singleBlock,
  type UpstreamConfiguration,
  type UpstreamContext,
} from './implementation.ts'

/** Any server answers any request, so draining a server is the same as `down`. */
const configureWithout = (
  { upstream, features, zone }: UpstreamContext,
  findings: Findings,
): UpstreamConfiguration => {
  for (const { name, path, state } of upstream.servers) {
    if (state !== 'drain') continue
    report(
      findings,
      'nginx-drain-is-down',
      atValue([...path, 'state']),
      `"${name}" is marked "down": without affinity it has no sessions to keep`,
      null,
    )
  }
  return singleBlock({
    ...upstreamBlock(upstream, features, zone),
    servers: upstream.servers.map((server) => serverDirective(server, stateWithoutDrain(server))),
  })
}

export const noAffinity: Implementation = {
  via: 'native',
  title: 'load balancing without affinity',
  missing: null,
  capabilities: {
    balance: 'any',
    backup: true,
    drain: true,
    strict: false,
    zone: true,
    maxConns: true,
    maxBusy: false,
    routes: false,
  },
  configure: configureWithout,
}

/** The server is computed and not stored: a drained server would lose its sessions. */
export const hashCapabilities: Capabilities = {
  balance: 'round_robin',
  backup: false,
  drain: false,
  strict: false,
  zone: true,
  maxConns: true,
  maxBusy: false,
  routes: false,
}

const configureMethod = (
  method: Partial<UpstreamView>,
  { upstream, features, zone }: UpstreamContext,
): UpstreamConfiguration =>
  singleBlock({
    ...upstreamBlock(upstream, features, zone),
    ...method,
    servers: upstream.servers.map((server) => serverDirective(server, stateOf(server))),
  })

export const ipHash: Implementation = {
  via: 'native',
  title: '"ip_hash"',
  missing: null,
  capabilities: hashCapabilities,
  configure: (context) => configureMethod({ isIpHash: true }, context),
}

export const keyHash = (key: string, consistent: boolean): Implementation => ({
  via: 'native',
  title: '"hash"',
  missing: null,
  capabilities: hashCapabilities,
  configure: (context) => configureMethod({ hash: { key, consistent } }, context),
})
