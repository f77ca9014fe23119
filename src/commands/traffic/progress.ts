import type { Context } from '../../context.ts'
import type { Clock, Screen } from '../../ports.ts'
import { type Progress, progressOn, silentProgress } from '../../report/progress.ts'
import { styleFor } from '../../report/style.ts'

const redrawMs = 1_000

interface World {
  readonly screen: Screen
  readonly clock: Clock
  readonly every: (milliseconds: number, work: () => void) => () => void
}

/** Shows the progress of the work on standard error. */
export const withProgress = async <Result>(
  isSilent: boolean,
  { screen, clock, every }: World,
  { colour }: Context,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> => {
  if (isSilent) return work(silentProgress)
  const { progress, draw } = progressOn(screen, clock.ticks, styleFor(colour.stderr))
  const stop = screen.isTerminal ? every(redrawMs, draw) : () => undefined
  try {
    return await work(progress)
  } finally {
    stop()
  }
}
