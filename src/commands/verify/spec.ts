import type { Context } from '../../context.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import type { Cluster, Upstream } from '../../core/model/cluster.ts'
import { UsageError } from '../../errors.ts'
import { addReadableFiles, loadSpec, specError } from '../load.ts'
import type { SpecFile } from '../named.ts'

const clusterOf = async (spec: SpecFile, context: Context): Promise<Cluster> => {
  const resolved = await loadSpec(spec.file, context)
  const complete = await addReadableFiles(resolved, spec, context)
  if (complete.cluster !== null) return complete.cluster
  throw specError(spec.file, complete)
}

/** The upstream of the URL; null without a spec. */
export const upstreamOf = async (
  file: string | null,
  allowOutside: readonly string[],
  wanted: string | null,
  context: Context,
): Promise<Upstream | null> => {
  if (file === null) {
    if (wanted === null) return null
    throw new UsageError('--upstream needs a spec', {
      help: 'name the spec with --file',
    })
  }
  const { upstreams } = await clusterOf({ file, allowOutside }, context)
  const names = upstreams.map(({ name }) => name)
  const found = wanted === null ? upstreams : upstreams.filter(({ name }) => name === wanted)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw wanted === null
    ? new UsageError(`${file} has ${upstreams.length} upstreams`, {
        help: `name the upstream of the URL with --upstream: ${names.join(', ')}`,
      })
    : new UsageError(`${file} has no upstream "${wanted}"`, { help: didYouMean(wanted, names) })
}
