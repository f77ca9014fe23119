import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import type { Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import type { ListingRule } from '../rule.ts'

const ofNginx = ({ affinity, path, zone }: Upstream): readonly Diagnostic[] => [
  ...(affinity.method === 'none' || affinity.via === 'auto'
    ? []
    : [withoutEffect([...affinity.path, 'via'], null, 'it is for nginx, which is no target here')]),
  ...(zone === null
    ? []
    : [withoutEffect([...path, 'zone'], null, 'it is for nginx, which is no target here')]),
]

const ofHaproxy = ({ affinity }: Upstream): readonly Diagnostic[] =>
  affinity.method === 'jvm_route' && affinity.mode !== null
    ? [
        withoutEffect(
          [...affinity.path, 'mode'],
          null,
          'it is for HAProxy, which is no target here',
        ),
      ]
    : []

/** Fields that only one kind of proxy has, where that is not written. */
export const fieldsOfOtherTargets: ListingRule = ({ targets, upstreams }) => {
  const has = (name: Target['dialect']): boolean => targets.some(({ dialect }) => dialect === name)
  return [
    ...(has('nginx') ? [] : upstreams.flatMap(ofNginx)),
    ...(has('haproxy') ? [] : upstreams.flatMap(ofHaproxy)),
  ]
}
