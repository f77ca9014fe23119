import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Rule } from '../rule.ts'
import { report } from '../store-codes.ts'

const products = { spring: 'Spring Session', php: 'PHP', django: 'Django' } as const

export const routeWithoutSuffix: Rule = ({ upstreams }) =>
  upstreams.flatMap(({ affinity, app }) => {
    if (affinity.method !== 'jvm_route') return []
    if (app.runtime === 'none' || app.runtime === 'tomcat') return []
    const message = `session ids of ${products[app.runtime]} do not name their server`
    const help = 'write affinity: { method: sticky, by: cookie, cookie: srv_id }'
    return [report('route-without-suffix', atKey(affinity.path), message, help)]
  })
