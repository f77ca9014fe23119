import type { Context } from '../../context.ts'
import { type LabProgress, labProgress, silentProgress } from '../../report/lab-progress.ts'
import { styleFor } from '../../report/style.ts'

const secondMs = 1_000

/** Does the work, and shows meanwhile how it goes on. */
export const withProgress = async <Result>(
  isQuiet: boolean,
  context: Context,
  work: (progress: LabProgress) => Promise<Result>,
): Promise<Result> => {
  if (isQuiet) return work(silentProgress)
  const { screen, clock, every } = await context.lab()
  const style = styleFor(context.colour.stderr)
  const { progress, draw } = labProgress({ ...screen, ticks: clock.ticks, style })
  const stop = screen.isTerminal ? every(secondMs, draw) : () => undefined
  try {
    return await work(progress)
  } finally {
    stop()
  }
}
