import type { Advice } from '../core/plan/advice.ts'
import type { BuildEvent, StepName, StepRecord } from '../core/steps/events.ts'
import type { BuildWorld } from '../ports/build.ts'

/** What a step says while it works. */
export interface StepTools {
  readonly say: (line: string) => void
  readonly progress: (what: string, done: number, total: number | null) => void
  readonly advise: (advice: Advice) => void
}

export interface StepResult<Value> {
  readonly value: Value
  /** What was done, in a few words. */
  readonly summary: string
  readonly isCached: boolean
}

export type StepWork<Value> = (tools: StepTools) => Promise<StepResult<Value>>

export interface Engine {
  /** Runs one step: timed, logged, reported. */
  readonly run: <Value>(step: StepName, work: StepWork<Value>) => Promise<Value>
  readonly records: () => readonly StepRecord[]
}

/**
 * Runs named steps one after another. A step is a function; what it gives goes to the next one by
 * the pipeline's own code, so that a new step is a file and a line there.
 * @param logFolder gets one file for each step that said something.
 */
export const engineFor = (
  { clock, disk }: Pick<BuildWorld, 'clock' | 'disk'>,
  emit: (event: BuildEvent) => void,
  logFolder: string,
): Engine => {
  const records: StepRecord[] = []
  return {
    records: () => records,
    run: async (step, work) => {
      const lines: string[] = []
      const log = `${logFolder}/${step}.log`
      const began = clock.ticks()
      const tools: StepTools = {
        say: (text) => {
          lines.push(text)
          emit({ kind: 'line', step, text })
        },
        progress: (what, done, total) => emit({ kind: 'progress', step, what, done, total }),
        advise: (advice) => emit({ kind: 'advice', step, advice }),
      }
      // What was done is done, and what went wrong is more than that its log could not be kept.
      const kept = async (): Promise<string | null> =>
        lines.length === 0
          ? null
          : disk.write(log, `${lines.join('\n')}\n`).then(
              () => log,
              () => null,
            )
      emit({ kind: 'started', step })
      try {
        const { value, summary, isCached } = await work(tools)
        const milliseconds = clock.ticks() - began
        const record = { step, milliseconds, summary, isCached }
        records.push({ ...record, log: await kept() })
        emit({ kind: 'done', ...record })
        return value
      } catch (error) {
        await kept()
        emit({ kind: 'failed', step, milliseconds: clock.ticks() - began })
        throw error
      }
    },
  }
}
