import * as z from 'zod'
import { build } from './build.ts'
import { frontends } from './frontends.ts'
import { clusterName } from './primitives.ts'
import { clusterSnippets } from './snippets.ts'
import { stores } from './stores.ts'
import { targets } from './targets.ts'
import { upstreams } from './upstreams.ts'

/** The spec in the user's words; docs/spec.md explains it, `sessctl schema` prints it. */
export const specSchema = z.strictObject({
  version: z.literal(1).describe('version of the spec format'),
  name: clusterName.describe('name of the cluster, used in the names of artifacts'),
  targets,
  frontends: frontends.default({}).describe('where requests come in'),
  upstreams: upstreams.describe('named sets of servers'),
  stores: stores.default({}),
  snippets: clusterSnippets,
  build,
})

/** The spec after zod: defaults filled in, names not yet looked up. */
export type Spec = z.output<typeof specSchema>
