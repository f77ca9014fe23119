import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { Cluster, Upstream } from '../../../model/cluster.ts'
import { withUpstreams } from '../../../model/with-upstreams.ts'
import type { Inputs } from '../../dialect.ts'
import { readBases } from '../bases.ts'
import { report } from '../codes.ts'
import { type Instance, instancesOf } from '../instance.ts'
import { contextsOf, mainContext } from './contexts.ts'
import { effectiveContext } from './effective-context.ts'
import type { Said } from './layer.ts'
import { siteOf } from './site.ts'
import { writtenLayer } from './written-layer.ts'

interface Sent {
  /** Of the context that the balancer is there for; null: as the spec says, or Tomcat's default. */
  readonly main: Said | null
  /** Of all the others. */
  readonly others: readonly Said[]
}

const sentBy = (instance: Instance, inputs: Inputs): Sent => {
  const [bases] = readBases([instance], inputs).bases
  if (bases === undefined) return { main: null, others: [] }
  const site = siteOf(instance, bases, inputs)
  const contexts = contextsOf(site, writtenLayer(instance.app, bases.context, null))
  const main = mainContext(site, contexts)
  const nameOf = (context: typeof main): Said | null =>
    context === null ? null : effectiveContext(context.layers).cookie.sessionCookieName
  const others = contexts.filter((context) => context !== main).flatMap((one) => nameOf(one) ?? [])
  return { main: nameOf(main), others }
}

const following = (affinity: Affinity, cookie: string): Affinity => {
  if (affinity.method !== 'jvm_route') return affinity
  const { named } = affinity
  return {
    ...affinity,
    cookie: named.cookie ? affinity.cookie : cookie,
    url: named.url ? affinity.url : cookie.toLowerCase(),
  }
}

const isOf = (upstream: Upstream, instance: Instance): boolean =>
  upstream.servers.some(({ name }) => name === instance.server.name)

/**
 * The cluster with the session cookie that its Tomcats send: existing files may name another than the
 * spec, and what the spec leaves open follows them.
 */
export const withSentCookies = (cluster: Cluster, inputs: Inputs): Cluster => {
  const { instances } = instancesOf(cluster)
  const sent = new Map(instances.map((instance) => [instance, sentBy(instance, inputs).main]))
  if ([...sent.values()].every((name) => name === null)) return cluster
  return withUpstreams(cluster, (upstream) => {
    const { app } = upstream
    if (app.runtime !== 'tomcat') return upstream
    const [instance] = instances.filter((one) => isOf(upstream, one))
    const name = instance === undefined ? null : (sent.get(instance)?.value ?? null)
    if (name === null || name === app.cookie.name) return upstream
    const named: TomcatApp = { ...app, sentCookie: name }
    return { ...upstream, app: named, affinity: following(upstream.affinity, name) }
  })
}

/** Contexts and servers whose session cookie is another than the one that the balancer reads. */
export const otherCookies = (
  instances: readonly Instance[],
  inputs: Inputs,
): readonly Diagnostic[] =>
  instances.flatMap((instance) => {
    const { affinity } = instance.upstream
    if (affinity.method !== 'jvm_route') return []
    const { main, others } = sentBy(instance, inputs)
    // Of the cookie that the upstream sends the rule cookie-name-mismatch speaks.
    const own = main === null || main.value === instance.app.sentCookie ? [] : [main]
    return [...own, ...others]
      .filter(({ value }) => value !== affinity.cookie)
      .map(({ value, at }) => {
        const message = `Tomcat sends the session cookie ${value} here, the balancer reads ${affinity.cookie}`
        return report(
          'tomcat-context-cookie',
          at,
          message,
          `write ${affinity.cookie} here, or affinity: { cookie: ${value} }`,
        )
      })
  })
