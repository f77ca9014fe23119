import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { atLeast } from '../../../model/version.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import type { Form } from './form.ts'

const balanceProblems = (upstream: Upstream, form: Form): Diagnostic[] =>
  form.limits.balance === 'any' || upstream.balance.kind === 'round_robin'
    ? []
    : [
        report(
          'nginx-balance-conflict',
          atValue([...upstream.path, 'balance']),
          `${form.title} is a balancing method itself: "${upstream.balance.kind}" cannot be had beside it`,
          'leave balance out, or choose the affinity jvm_route or sticky, which work over any method',
        ),
      ]

/** nginx refuses `backup` under these methods, and loses it silently when it is written before them. */
const methodWithoutBackup = ({ balance }: Upstream): string | null =>
  balance.kind === 'hash' || balance.kind === 'random' ? balance.kind : null

const backupProblem = (server: Server, upstream: Upstream, form: Form): Diagnostic[] => {
  const method = form.limits.backup ? methodWithoutBackup(upstream) : form.title
  return method === null
    ? []
    : [
        report(
          'nginx-backup',
          atValue([...server.path, 'state']),
          `${method} knows no backup servers: "${server.name}" cannot be one`,
          'round_robin and least_conn have them, also beneath jvm_route and sticky',
        ),
      ]
}

const serverProblems = (server: Server, upstream: Upstream, features: Features, form: Form) => {
  const { limits, title } = form
  const problems: Diagnostic[] = []
  if (server.state === 'backup') problems.push(...backupProblem(server, upstream, form))
  if (server.state === 'drain' && !limits.drain) {
    problems.push(
      report(
        'nginx-drain',
        atValue([...server.path, 'state']),
        `${title} cannot drain "${server.name}": it has no way to keep its sessions there and send no new ones`,
        'the patched jvm_route module, nginx 1.29.6 and via: maps (jvm_route, sticky by route) can; state: down moves its sessions at once',
      ),
    )
  }
  if (server.maxConns && (!limits.maxConns || !features.maxConns)) {
    problems.push(
      report(
        'nginx-max-conns',
        atValue([...server.path, 'maxConns']),
        `${limits.maxConns ? features.label : title} cannot limit the connections to "${server.name}"`,
        limits.maxConns ? 'nginx 1.11.5 can' : 'nginx 1.11.5 can, without that module',
      ),
    )
  }
  if (server.maxBusy && !limits.maxBusy) {
    problems.push(
      report(
        'nginx-max-busy',
        atValue([...server.path, 'maxBusy']),
        `${title} cannot limit the active requests of "${server.name}"`,
        'only the jvm_route module on a patched nginx can; maxConns is the nearest: connections, in shared memory',
      ),
    )
  }
  return problems
}

const zoneProblems = (upstream: Upstream, features: Features, form: Form): Diagnostic[] => {
  if (upstream.zone === null) return []
  const has = atLeast(features.core, '1.9.0')
  if (form.limits.zone && has) return []
  return [
    report(
      'nginx-zone',
      atValue([...upstream.path, 'zone']),
      has
        ? `${form.title} does not work with a zone`
        : `${features.label} has no zones (nginx has since 1.9.0)`,
      'leave zone out: each worker then counts failures for itself',
    ),
  ]
}

const strictProblems = ({ affinity }: Upstream, form: Form): Diagnostic[] =>
  affinity.method === 'none' || affinity.onFailure === 'rebalance' || form.limits.strict
    ? []
    : [
        report(
          'nginx-strict',
          atValue([...affinity.path, 'onFailure']),
          `${form.title} cannot refuse: it always chooses another server`,
          "the jvm_route module, Angie's sticky, session_sticky, and via: maps (jvm_route, sticky by route) can",
        ),
      ]

/** What the upstream asks for beside its affinity and this form cannot say. */
export const limitProblems = (
  upstream: Upstream,
  features: Features,
  form: Form,
): readonly Diagnostic[] => [
  ...balanceProblems(upstream, form),
  ...strictProblems(upstream, form),
  ...zoneProblems(upstream, features, form),
  ...upstream.servers.flatMap((server) => serverProblems(server, upstream, features, form)),
]
