import type { Findings } from '../../../diagnostics/findings.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { Cluster } from '../../../model/cluster.ts'
import { withUpstreams } from '../../../model/with-upstreams.ts'
import type { Inputs } from '../../dialect.ts'
import { basesOf } from '../bases.ts'
import { report } from '../codes.ts'
import { type Instance, instancesOf } from '../instance.ts'
import { contextsOf, effectiveContext, type KnownContext, mainContext } from './contexts.ts'
import { existingFilesOf } from './existing-files.ts'
import { type Setting, writtenLayer } from './layer.ts'

interface SentCookies {
  /** The name for the context that the balancer serves; null: that of the spec, or the default. */
  readonly main: Setting | null
  /** The names for the other contexts. */
  readonly others: readonly Setting[]
}

const sentBy = (instance: Instance, inputs: Inputs): SentCookies => {
  const bases = basesOf(instance, inputs)
  const files = existingFilesOf(instance, bases, inputs)
  const contexts = contextsOf(files, writtenLayer(instance.app, bases.context, null))
  const main = mainContext(files, contexts)
  const nameOf = ({ layers }: KnownContext): Setting | null =>
    effectiveContext(layers).cookie.sessionCookieName
  return {
    main: main && nameOf(main),
    others: contexts.filter((context) => context !== main).flatMap((one) => nameOf(one) ?? []),
  }
}

const withCookie = (affinity: Affinity, cookie: string): Affinity => {
  if (affinity.method !== 'jvm_route') return affinity
  const { named } = affinity
  return {
    ...affinity,
    cookie: named.cookie ? affinity.cookie : cookie,
    url: named.url ? affinity.url : cookie.toLowerCase(),
  }
}

/**
 * The cluster with the session cookies that its Tomcats send: existing files may set another name than
 * the spec, and affinity uses that name unless the spec sets one.
 */
export const withSentCookies = (cluster: Cluster, inputs: Inputs): Cluster => {
  const sent = new Map(
    instancesOf(cluster).flatMap((instance) => {
      const { main } = sentBy(instance, inputs)
      return main === null ? [] : [[instance.server.name, main.value] as const]
    }),
  )
  if (sent.size === 0) return cluster
  return withUpstreams(cluster, (upstream) => {
    const { app, affinity, servers } = upstream
    const [server] = servers
    const name = sent.get(server?.name ?? '')
    if (app.runtime !== 'tomcat' || name === undefined || name === app.cookie.name) return upstream
    return {
      ...upstream,
      app: { ...app, sentCookie: name },
      affinity: withCookie(affinity, name),
    }
  })
}

/** Reports contexts and servers whose session cookie is not the one that the balancer reads. */
export const reportOtherCookies = (
  instances: readonly Instance[],
  inputs: Inputs,
  findings: Findings,
): void => {
  for (const instance of instances) {
    const { affinity } = instance.upstream
    if (affinity.method !== 'jvm_route') continue
    const { main, others } = sentBy(instance, inputs)
    // The rule cookie-name-mismatch reports the cookie of the upstream.
    const own = main === null || main.value === instance.app.sentCookie ? [] : [main]
    for (const { value, at } of [...own, ...others]) {
      if (value === affinity.cookie) continue
      const message = `Tomcat sends the session cookie ${value}, but the balancer reads ${affinity.cookie}`
      const help = `write ${affinity.cookie} here, or affinity: { cookie: ${value} } in the spec`
      report(findings, 'tomcat-context-cookie', at, message, help)
    }
  }
}
