import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import type { Form } from './form.ts'
import { formsOf } from './forms-of.ts'
import { limitProblems } from './limit-problems.ts'

export interface Choice {
  readonly form: Form
  readonly diagnostics: readonly Diagnostic[]
}

const nameOf = (affinity: Affinity): string =>
  affinity.method === 'sticky' ? `sticky by ${affinity.by}` : affinity.method

const list = (words: readonly string[]): string => [...new Set(words)].join(', or ')

/** Forms of which one is forced: the others do not count. */
const allowed = (
  upstream: Upstream,
  features: Features,
  forms: readonly [Form, ...Form[]],
): { readonly forms: readonly Form[]; readonly problems: readonly Diagnostic[] } => {
  const { affinity } = upstream
  if (affinity.method === 'none' || affinity.via === 'auto') {
    const having = forms.filter(({ missing }) => missing === null)
    if (having.length > 0) return { forms: having, problems: [] }
    const problem = report(
      'nginx-affinity',
      atValue([...affinity.path, 'method']),
      `${features.label} cannot do ${nameOf(affinity)}`,
      `it needs ${list(forms.flatMap(({ missing }) => missing ?? []))}`,
    )
    return { forms: [], problems: [problem] }
  }
  const asked = forms.filter(({ via }) => via === affinity.via)
  const having = asked.filter(({ missing }) => missing === null)
  if (having.length > 0) return { forms: having, problems: [] }
  const other = forms.filter(({ missing, via }) => missing === null && via !== affinity.via)
  const help =
    other.length > 0
      ? `possible here: via: ${list(other.map(({ via, title }) => `${via} (${title})`))}`
      : 'leave via out'
  const needs = list(asked.flatMap(({ missing }) => missing ?? []))
  const problem = report(
    'nginx-via',
    atValue([...affinity.path, 'via']),
    needs === ''
      ? `${nameOf(affinity)} cannot be written via ${affinity.via}`
      : `${nameOf(affinity)} via ${affinity.via} needs ${needs}`,
    help,
  )
  return { forms: [], problems: [problem] }
}

/** Says so when the form is not the one that the words of the spec suggest. */
const explanation = (
  upstream: Upstream,
  features: Features,
  forms: readonly Form[],
  chosen: Form,
  refused: readonly Diagnostic[],
): Diagnostic[] => {
  const { affinity } = upstream
  if (affinity.method === 'none' || affinity.via !== 'auto' || forms[0] === chosen) return []
  const isNative = chosen.via === 'native'
  if (!isNative && chosen.via !== 'maps') return []
  if (affinity.method === 'sticky' && affinity.by === 'cookie') return []
  const lacking = list(
    forms.slice(0, forms.indexOf(chosen)).flatMap(({ missing }) => missing ?? []),
  )
  const why = refused[0]?.message ?? `${features.label} is not said to have more`
  return [
    report(
      isNative ? 'nginx-as-native' : 'nginx-as-maps',
      atValue([...affinity.path, 'method']),
      `${nameOf(affinity)} is written as ${chosen.title}: ${why}`,
      lacking === '' ? null : `shorter with ${lacking}`,
    ),
  ]
}

/**
 * Chooses the form of an upstream's affinity: the first that the target has and that can say all
 * the upstream asks for. Where none can, the first one says what stands in its way.
 */
export const choose = (upstream: Upstream, features: Features): Choice => {
  const forms = formsOf(upstream, features)
  const { forms: having, problems } = allowed(upstream, features, forms)
  const refusals: Diagnostic[][] = []
  for (const form of having) {
    const found = [...limitProblems(upstream, features, form), ...form.refusals()]
    if (found.length === 0) {
      const diagnostics = explanation(upstream, features, forms, form, refusals.flat())
      return { form, diagnostics }
    }
    refusals.push(found)
  }
  return { form: having[0] ?? forms[0], diagnostics: [...problems, ...(refusals[0] ?? [])] }
}
