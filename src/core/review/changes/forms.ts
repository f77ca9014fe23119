import { nginxForm } from '../../dialects/nginx/affinity/form.ts'
import type { NginxTarget } from '../../model/target.ts'
import type { UpstreamPair } from '../match.ts'
import type { Change } from '../review.ts'
import type { Pair, ReviewSide } from '../side.ts'

const nginxOf = ({ cluster }: ReviewSide): NginxTarget | null => {
  const target = cluster.targets.find(({ dialect }) => dialect === 'nginx')
  return target?.dialect === 'nginx' ? target : null
}

/** Upstreams whose affinity is the same, and that nginx implements in another way: another release can do more. */
export const formChanges = (
  pairs: readonly UpstreamPair[],
  sides: Pair<ReviewSide>,
): readonly Change[] => {
  const [old, now] = [nginxOf(sides.before), nginxOf(sides.after)]
  if (old === null || now === null) return []
  return pairs.flatMap(({ before, after }): readonly Change[] => {
    const [was, is] = [nginxForm(before, old), nginxForm(after, now)]
    const isOther = before.affinity.method !== after.affinity.method
    if (was === null || is === null || was.title === is.title || isOther) return []
    return [
      {
        code: 'form',
        text: `nginx uses ${is.title} instead of ${was.title} for upstream ${after.name}`,
        side: 'after',
        at: after.affinity.path,
        upstream: after.name,
      },
    ]
  })
}
