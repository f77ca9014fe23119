import type { Context } from '../../context.ts'
import type { Proof } from '../../core/prove/proof.ts'
import type { Pair } from '../../core/review/side.ts'
import { UsageError } from '../../errors.ts'
import type { ReviewReport } from '../../report/review/report.ts'
import type { ArgsOf } from '../define.ts'
import type { diffOptions } from '../diff.ts'
import { numberOf } from '../traffic/options.ts'
import type { Comparison } from './comparison.ts'
import type { ProvedSide } from './prove/run.ts'
import type { Sources } from './sources.ts'

type Args = ArgsOf<typeof diffOptions>

/** As many loopback addresses as clients of the lab have. */
const mostClients = 10_000

const clientsOf = ({ clients }: Args): number => numberOf('--clients', clients, mostClients)

/** @throws UsageError for invalid options. */
export const checkProof = (args: Args): void => {
  if (args.prove && clientsOf(args) < 2)
    throw new UsageError('--prove needs two clients: half of them wait while the change is applied')
}

/** @throws UsageError if --prove is given and one side is no spec. */
export const checkProofSides = ({ prove: isWanted }: Args, { before, after }: Sources): void => {
  if (!isWanted || (before.kind === 'spec' && after.kind === 'spec')) return
  throw new UsageError('--prove needs two specs: it runs both of them', {
    help: 'name two specs, or the revision of the old one with --base',
  })
}

const provedSides = ({ before, after }: Comparison, sources: Sources): Pair<ProvedSide> | null => {
  const [old, now] = [before?.cluster ?? null, after?.cluster ?? null]
  if (before === null || after === null || old === null || now === null) return null
  return {
    before: { label: sources.before.label, compilation: before, cluster: old },
    after: { label: sources.after.label, compilation: after, cluster: now },
  }
}

/** null: it is not wanted. */
export const proofFor = async (
  { review }: ReviewReport,
  comparison: Comparison,
  sources: Sources,
  args: Args,
  context: Context,
): Promise<Proof | null> => {
  const sides = args.prove ? provedSides(comparison, sources) : null
  if (sides === null) return null
  const options = {
    targets: args.target,
    clients: clientsOf(args),
    libs: args.libs,
    isQuiet: args.quiet,
  }
  // Most comparisons start no servers.
  const { prove } = await import('./prove/run.ts')
  return prove(sides, review?.impact ?? [], options, context)
}
