import type { App } from './app.ts'
import type { Cluster, Upstream } from './cluster.ts'

type Runtime = Exclude<App['runtime'], 'none'>

/** An upstream whose application uses one runtime. */
export interface AppUpstream<Name extends Runtime> extends Upstream {
  readonly app: Extract<App, { readonly runtime: Name }>
}

/** The upstreams whose application uses the runtime. */
export const appUpstreams = <Name extends Runtime>(
  { upstreams }: Cluster,
  runtime: Name,
): readonly AppUpstream<Name>[] =>
  upstreams.filter((upstream): upstream is AppUpstream<Name> => upstream.app.runtime === runtime)
