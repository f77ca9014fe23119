import type { App } from '../model/app.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'

type Runtime = Exclude<App['runtime'], 'none'>

/** An upstream with an application of one runtime behind it. */
export interface AppUpstream<Name extends Runtime> extends Upstream {
  readonly app: Extract<App, { readonly runtime: Name }>
}

const runs = <Name extends Runtime>(
  upstream: Upstream,
  runtime: Name,
): upstream is AppUpstream<Name> => upstream.app.runtime === runtime

/** The upstreams whose servers are of that runtime, by name. */
export const appUpstreams = <Name extends Runtime>(
  { upstreams }: Cluster,
  runtime: Name,
): readonly AppUpstream<Name>[] =>
  upstreams.filter((upstream): upstream is AppUpstream<Name> => runs(upstream, runtime))
