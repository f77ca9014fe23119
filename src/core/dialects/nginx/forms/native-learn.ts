import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { StickyLearnAffinity } from '../../../model/affinity.ts'
import { sizeBytes } from '../../../model/size.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { isWholeSeconds, seconds, smallestZone } from '../units.ts'
import type { Form, FormInput } from './form.ts'
import { nativeForm, stickySince } from './native.ts'

const refusals = (affinity: StickyLearnAffinity): Diagnostic[] => {
  const problems: Diagnostic[] = []
  if (sizeBytes(affinity.zone) < smallestZone) {
    problems.push(
      report(
        'nginx-zone-small',
        atValue([...affinity.path, 'zone']),
        `a zone of ${affinity.zone} is too small for nginx`,
        'it needs 32k at least; 1m holds about 4,000 sessions',
      ),
    )
  }
  if (affinity.timeoutMs === 0 || !isWholeSeconds(affinity.timeoutMs)) {
    problems.push(
      report(
        'nginx-duration',
        atValue([...affinity.path, 'timeout']),
        'nginx remembers a session for whole seconds, at least one',
        'such as 1h',
      ),
    )
  }
  return problems
}

const params = (affinity: StickyLearnAffinity, zone: string): string[] => [
  ...affinity.create.map((variable) => `create=${variable}`),
  ...affinity.lookup.map((variable) => `lookup=${variable}`),
  `zone=${zone}:${affinity.zone}`,
  // nginx and Angie have different defaults.
  `timeout=${seconds(affinity.timeoutMs)}`,
]

const since = (features: Features): string =>
  features.flavor === 'angie' ? 'Angie 1.12.0' : stickySince(features)

/** `sticky learn`: nginx remembers which server began a session. */
export const nativeLearn = ({ affinity, features }: FormInput<StickyLearnAffinity>): Form => {
  const form = nativeForm(
    affinity,
    features,
    () => refusals(affinity),
    ({ upstream, names }) => ({
      maps: [],
      block: { stickyLearn: params(affinity, names.upstream(`${upstream.name}_sessions`)) },
    }),
  )
  return { ...form, missing: features.sticky?.learn ? null : since(features) }
}
