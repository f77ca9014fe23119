import type { Cluster } from '../model/cluster.ts'
import { type Snippet, snippetName } from '../model/snippet.ts'
import { regionsOf } from './marked.ts'

/** Every snippet of a cluster, in the order of its parts. */
export const snippetsOf = ({
  frontends,
  snippets,
  upstreams,
}: Pick<Cluster, 'frontends' | 'snippets' | 'upstreams'>): readonly Snippet[] => [
  ...snippets,
  ...frontends.flatMap((frontend) => [
    ...frontend.snippets,
    // Locations for several matches have the same ones.
    ...new Set(frontend.locations.flatMap((location) => location.snippets)),
  ]),
  ...upstreams.flatMap((upstream) => upstream.snippets),
]

/** The places in the spec of the snippets that are in generated files. */
export const snippetsIn = (
  cluster: Cluster,
  artifacts: readonly { readonly text: string }[],
): readonly string[] => {
  const all = snippetsOf(cluster)
  if (all.length === 0) return []
  const written = new Set(artifacts.flatMap(({ text }) => regionsOf(text).map(({ name }) => name)))
  return all.map(snippetName).filter((name) => written.has(name))
}
