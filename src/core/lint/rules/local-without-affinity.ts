import { atKey } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'
import { isSpread } from '../spread.ts'
import { hashKeyOf, localTomcats } from '../tomcat-sessions.ts'

const remedy =
  'write affinity: { method: jvm_route }, keep the sessions in a shared store, or write sessions: { store: none } for an application without sessions'

export const localWithoutAffinity: ListingRule = (cluster) =>
  localTomcats(cluster).flatMap((upstream) => {
    const { affinity, app } = upstream
    const key = hashKeyOf(upstream)
    if (!isSpread(upstream)) return []
    const spread =
      key === null
        ? 'each request may go to another server'
        : `"${key}" is another one with every page`
    return [
      report(
        'local-without-affinity',
        atKey(affinity.path),
        `sessions live in one Tomcat ${app.version.text} only, but ${spread}`,
        remedy,
      ),
    ]
  })
