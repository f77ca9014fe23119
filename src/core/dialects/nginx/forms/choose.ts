import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Affinity, StickyCookieAffinity } from '../../../model/affinity.ts'
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

type Via = Form['via']

type Forms = readonly [Form, ...Form[]]

const nameOf = (affinity: Affinity): string =>
  affinity.method === 'sticky' ? `sticky by ${affinity.by}` : affinity.method

const either = (words: readonly string[]): string => [...new Set(words)].join(', or ')

const lacking = (forms: readonly Form[]): string =>
  either(forms.flatMap(({ missing }) => missing ?? []))

const isThere = ({ missing }: Form): boolean => missing === null

const notHere = (affinity: Affinity, features: Features, forms: Forms): Diagnostic =>
  report(
    'nginx-affinity',
    atValue([...affinity.path, 'method']),
    `${features.label} cannot do ${nameOf(affinity)}`,
    `it needs ${lacking(forms)}`,
  )

/** `via` names a way that the target does not have. */
const notThatWay = (affinity: Affinity, via: Via, forms: Forms): Diagnostic => {
  const needs = lacking(forms.filter((form) => form.via === via))
  const possible = forms.filter(isThere).map((form) => `${form.via} (${form.title})`)
  return report(
    'nginx-via',
    atValue([...affinity.path, 'via']),
    needs === ''
      ? `${nameOf(affinity)} cannot be written via ${via}`
      : `${nameOf(affinity)} via ${via} needs ${needs}`,
    possible.length > 0 ? `possible here: ${either(possible)}` : 'leave via out',
  )
}

/** The way that the spec insists on; null: it leaves the choice. */
const forcedVia = (affinity: Affinity): Via | null =>
  affinity.method === 'none' || affinity.via === 'auto' ? null : affinity.via

/** userid remembers clients, not servers: that is worth knowing even where it was asked for. */
const asUserid = (
  affinity: StickyCookieAffinity,
  features: Features,
  refusal: Diagnostic | undefined,
): Diagnostic => {
  const lacks = forcedVia(affinity) === null ? `${features.label} has no sticky: ` : ''
  return report(
    'nginx-as-userid',
    atValue([...affinity.path, 'method']),
    `${refusal ? `${refusal.message}: ` : lacks}each client gets an id in the cookie "${affinity.cookie}", and the id is hashed to a server`,
    `when servers change, some clients move; ${refusal?.help ?? 'write version: "1.30.6": nginx has an affinity cookie since 1.29.6'}`,
  )
}

/** Says so when the form is not the one that the words of the spec suggest. */
const explanation = (
  affinity: Affinity,
  features: Features,
  forms: Forms,
  chosen: Form,
  refusal: Diagnostic | undefined,
): Diagnostic[] => {
  if (affinity.method === 'sticky' && affinity.by === 'cookie')
    return chosen.via === 'maps' ? [asUserid(affinity, features, refusal)] : []
  if (forcedVia(affinity) !== null) return []
  const isRoute = affinity.method === 'jvm_route' || affinity.method === 'sticky'
  if (!isRoute || forms[0] === chosen) return []
  const shorter = lacking(forms.slice(0, forms.indexOf(chosen)))
  return [
    report(
      chosen.via === 'native' ? 'nginx-as-native' : 'nginx-as-maps',
      atValue([...affinity.path, 'method']),
      `${nameOf(affinity)} is written as ${chosen.title}${refusal ? `: ${refusal.message}` : ''}`,
      // Nobody should add a module to an nginx that has what it takes.
      shorter === '' || chosen.via === 'native' ? null : `shorter with ${shorter}`,
    ),
  ]
}

/**
 * Chooses the form of an upstream's affinity: the first that the target has and that can say all
 * the upstream asks for. Where none can, the first one says what stands in its way.
 */
export const choose = (upstream: Upstream, features: Features): Choice => {
  const { affinity } = upstream
  const forms = formsOf(upstream, features)
  const forced = forcedVia(affinity)
  const asked = forced === null ? forms : forms.filter(({ via }) => via === forced)
  const refusals: (readonly Diagnostic[])[] = []
  for (const form of asked.filter(isThere)) {
    const found = [...limitProblems(upstream, features, form), ...form.refusals()]
    if (found.length === 0)
      return { form, diagnostics: explanation(affinity, features, forms, form, refusals[0]?.[0]) }
    refusals.push(found)
  }
  const problem =
    forced === null ? notHere(affinity, features, forms) : notThatWay(affinity, forced, forms)
  return { form: asked.find(isThere) ?? forms[0], diagnostics: refusals[0] ?? [problem] }
}
