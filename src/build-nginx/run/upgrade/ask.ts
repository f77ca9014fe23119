import { isRight, type Probe, probeText } from '../../core/upgrade/probe.ts'
import type { Seen, State } from '../../core/upgrade/state.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { Heard } from '../../ports/upgrade.ts'

/** While both nginx take connections, the new one must get some of ours: more are tried each time. */
const most = 8

type Answers = NonNullable<Seen['probe']>

const badText = (probe: Probe, { status }: Heard): string =>
  `${probeText(probe)} ${status === null ? 'is not answered' : `is answered with ${status}`}`

/**
 * With the old workers gone, whoever answers got it from the new ones. Until then, a worker that is
 * leaving may hang up, and only what is known to be the new ones' counts.
 */
const judge = (heard: readonly Heard[], probe: Probe, isShared: boolean): Answers => {
  let [good, others] = [0, 0]
  let bad: string | null = null
  for (const one of heard) {
    const isNew = one.by === 'owner' || !isShared
    const isGood = one.status !== null && isRight(probe, one.status)
    if (!isNew) others++
    else if (isGood) good++
    else bad ??= badText(probe, one)
  }
  return { good, others, bad }
}

/** Asks the new nginx, if it is there to be asked; null when it is not. */
export const askNew = async (
  probe: Probe | null,
  { goal, stage }: State,
  { old, fresh }: Pick<Seen, 'old' | 'fresh'>,
  round: number,
  { prober }: BuildWorld,
): Promise<Answers | null> => {
  const isThere = fresh?.hasPidFile === true && fresh.workers.length > 0
  const isTime = goal === 'forward' && stage !== 'install' && stage !== 'test'
  if (probe === null || !isThere || !isTime) return null
  const isShared = (old?.workers.length ?? 0) > 0
  const width = isShared ? Math.min(most, 2 ** round) : 1
  const asked = Array.from({ length: width }, () => prober.ask(probe, fresh.workers))
  return judge(await Promise.all(asked), probe, isShared)
}
