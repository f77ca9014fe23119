import { Findings } from '../../diagnostics/findings.ts'
import type { Upstream } from '../../model/cluster.ts'
import type { Choice, Considered } from '../choice.ts'
import { affinityView } from './affinity/index.ts'
import type { AffinityView } from './affinity/view.ts'
import { balanceOf, hashForms } from './backends/balance.ts'
import type { Context } from './context.ts'

/** The name of what the backend gets. */
const formOf = (
  { cookie, stick, usesServer }: AffinityView,
  balance: readonly string[],
  isConsistent: boolean,
): string => {
  if (cookie !== null) return `"cookie ${cookie.name} ${cookie.mode}"`
  if (stick !== null) return '"stick-table" with "stick on" and "stick store-response"'
  if (usesServer) return '"use-server" with the route of the session'
  const method = `"balance ${balance.join(' ')}"`
  return isConsistent ? `${method} with "hash-type consistent"` : method
}

/** Forms that HAProxy has, and this spec or release does not use. */
const earlierForms = ({ affinity, balance }: Upstream, context: Context): readonly Considered[] => {
  if (affinity.method === 'jvm_route' && affinity.mode === 'prefix')
    return [{ form: '"use-server"', refusal: 'the spec requests mode: prefix', remedy: null }]
  const hash = affinity.method === 'none' ? balance : affinity
  if (!('key' in hash)) return []
  return hashForms(hash.key, context).flatMap(({ form, refusal, remedy }) =>
    refusal === null ? [] : [{ form, refusal, remedy }],
  )
}

/** @param context its findings receive what the functions report that write the backend. */
export const haproxyChoice = (upstream: Upstream, context: Context): Choice => {
  const findings = new Findings()
  const own = { ...context, findings }
  const { balance, isConsistent } = balanceOf(upstream, own)
  const view = affinityView(upstream, own)
  const target = `HAProxy ${context.version.text}`
  const earlier = earlierForms(upstream, context)
  const [refused] = findings.all.filter(({ severity }) => severity === 'error')
  if (refused === undefined) {
    const used = { form: formOf(view, balance, isConsistent), refusal: null, remedy: null }
    return { target, considered: [...earlier, used] }
  }
  if (earlier.some(({ refusal }) => refusal === refused.message))
    return { target, considered: earlier }
  const { message: refusal, help: remedy } = refused
  const form = formOf(view, balance, isConsistent)
  return { target, considered: [...earlier, { form, refusal, remedy }] }
}
