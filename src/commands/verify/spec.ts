import type { Context } from '../../context.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { forwardsUpgrades } from '../../core/dialects/upgrades.ts'
import type { Cluster, Upstream } from '../../core/model/cluster.ts'
import { claimsOf } from '../../core/traffic/expectations.ts'
import { locationOf } from '../../core/traffic/location-of.ts'
import type { ScenarioName } from '../../core/traffic/scenario.ts'
import { UsageError } from '../../errors.ts'
import { addReadableFiles, loadSpec, specError } from '../load.ts'
import type { SpecFile } from '../named.ts'

const clusterOf = async (spec: SpecFile, context: Context): Promise<Cluster> => {
  const resolved = await loadSpec(spec.file, context)
  const complete = await addReadableFiles(resolved, spec, context)
  if (complete.cluster !== null) return complete.cluster
  throw specError(spec.file, complete)
}

/** The upstream of the URL, and its cluster. */
export interface Served {
  readonly cluster: Cluster
  readonly upstream: Upstream
}

/** What serves the URL; null without a spec. */
export const servedBy = async (
  file: string | null,
  allowOutside: readonly string[],
  wanted: string | null,
  context: Context,
): Promise<Served | null> => {
  if (file === null) {
    if (wanted === null) return null
    throw new UsageError('--upstream needs a spec', {
      help: 'name the spec with --file',
    })
  }
  const cluster = await clusterOf({ file, allowOutside }, context)
  const { upstreams } = cluster
  const names = upstreams.map(({ name }) => name)
  const found = wanted === null ? upstreams : upstreams.filter(({ name }) => name === wanted)
  const [only] = found
  if (only !== undefined && found.length === 1) return { cluster, upstream: only }
  throw wanted === null
    ? new UsageError(`${file} has ${upstreams.length} upstreams`, {
        help: `name the upstream of the URL with --upstream: ${names.join(', ')}`,
      })
    : new UsageError(`${file} has no upstream "${wanted}"`, { help: didYouMean(wanted, names) })
}

/** `upgrade`, if a location of the upstream forwards upgrades of this path, and sessions are sticky. */
export const upgradeClaims = (
  { cluster, upstream }: Served,
  path: string,
): readonly ScenarioName[] => {
  const isForwarded = cluster.frontends.some((frontend) => {
    const location = locationOf(path, frontend)
    if (location === null || location.action.kind !== 'proxy') return false
    return location.action.upstream.name === upstream.name && forwardsUpgrades(location)
  })
  return isForwarded && claimsOf(upstream).includes('sticky') ? ['upgrade'] : []
}
