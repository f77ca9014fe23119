import type { Context } from '../../context.ts'
import { locate } from '../../core/diagnostics/located.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import type { Cluster, Upstream } from '../../core/model/cluster.ts'
import { UsageError } from '../../errors.ts'
import { loadSpecWithFiles } from '../load.ts'
import type { SpecFile } from '../named.ts'

const clusterOf = async (spec: SpecFile, context: Context): Promise<Cluster> => {
  const { understood } = await loadSpecWithFiles(spec, context)
  const { cluster, diagnostics, source } = understood
  if (cluster !== null) return cluster
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = locate(errors, source)
  const where = first === undefined ? '' : `:${first.location.line}:${first.location.column}`
  throw new UsageError(`${spec.file}${where}: ${first?.message ?? 'it is no spec'}`, {
    help: first?.help ?? 'sessctl generate --check says all that is wrong with it',
  })
}

/** The upstream that the spec has behind the URL; null without a spec. */
export const upstreamOf = async (
  file: string | null,
  allowOutside: readonly string[],
  wanted: string | null,
  context: Context,
): Promise<Upstream | null> => {
  if (file === null) {
    if (wanted === null) return null
    throw new UsageError('--upstream without a spec names nothing', {
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
        help: `say which one serves the URL with --upstream: ${names.join(', ')}`,
      })
    : new UsageError(`${file} has no upstream ${wanted}`, { help: didYouMean(wanted, names) })
}
