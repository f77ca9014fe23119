import { Findings } from '../../diagnostics/findings.ts'
import type { Upstream } from '../../model/cluster.ts'
import type { Choice } from '../choice.ts'
import { stickyOf } from './balancers/affinity.ts'
import { methodOf } from './balancers/index.ts'
import type { Context } from './context.ts'

const formOf = (upstream: Upstream, context: Context): string => {
  const method = `"lbmethod=${methodOf(upstream, context)}"`
  const sticky = stickyOf(upstream, context)
  if (sticky === null) return upstream.affinity.method === 'none' ? method : '"stickysession"'
  const form = `"stickysession=${sticky.session}"`
  const { affinity } = upstream
  const setsCookie = affinity.method === 'sticky' && affinity.by === 'cookie'
  return setsCookie ? `${form}, with a cookie that "Header" sets` : form
}

export const httpdChoice = (upstream: Upstream, context: Omit<Context, 'findings'>): Choice => {
  const findings = new Findings()
  const form = formOf(upstream, { ...context, findings })
  const refused = findings.all.find(({ severity }) => severity === 'error')
  const refusal = refused?.message ?? null
  const target = `httpd ${context.version.text}`
  return { target, considered: [{ form, refusal, remedy: refused?.help ?? null }] }
}
