import { Findings } from '../../diagnostics/findings.ts'
import { type StickyView, stickyOf } from '../../dialects/httpd/balancers/affinity.ts'
import { attemptsOf, methodOf } from '../../dialects/httpd/balancers/index.ts'
import type { Context } from '../../dialects/httpd/context.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { HttpdTarget } from '../../model/target.ts'
import { byBusyness, byRequests } from '../httpd/method.ts'
import { httpdBalancer } from '../httpd/model.ts'
import type { StickySession } from '../httpd/sticky-session.ts'
import { run } from '../run.ts'
import type { Form } from './form.ts'
import { httpdServerDefaults, simulatedFrom } from './servers.ts'

const stickySession = (
  { session, endsAtSemicolon, isWhole, isStrict }: StickyView,
  { affinity }: Upstream,
): StickySession => {
  const [cookie = '', parameter = cookie] = session.split('|')
  const isByCookie = affinity.method === 'sticky' && affinity.by === 'cookie'
  return {
    cookie,
    parameter,
    endsAtSemicolon,
    isWhole,
    strict: isStrict,
    ownCookie: isByCookie ? affinity.cookie : null,
  }
}

/** The form that the dialect writes; null: it refuses the upstream. */
export const httpdForm = (
  cluster: Cluster,
  upstream: Upstream,
  { version }: HttpdTarget,
): Form | null => {
  const findings = new Findings()
  const context: Context = {
    cluster,
    version,
    upgraded: new Set(),
    modules: new Set(),
    findings,
  }
  const method = methodOf(upstream, context)
  const sticky = stickyOf(upstream, context)
  const attempts = attemptsOf(upstream, context)
  if (findings.hasErrors) return null
  const model = httpdBalancer(
    method === 'bybusyness' ? byBusyness : byRequests,
    sticky === null ? null : stickySession(sticky, upstream),
    attempts === null ? null : Number(attempts),
  )
  const servers = upstream.servers.map((server) =>
    simulatedFrom(server, httpdServerDefaults, server.maxFails === 0 ? { failTimeout: 0 } : {}),
  )
  return {
    title: sticky === null ? method : `stickysession=${sticky.session}, ${method}`,
    servers,
    memoryKey: null,
    run: () => run(model, servers),
  }
}
