import type { Finished } from './process.ts'

/** What a server said of a configuration. Accepted means: exit code 0 and no warnings. */
export interface Check {
  readonly exitCode: number | null
  readonly output: string
  /** The lines with warnings and errors, whether or not it continues. */
  readonly warnings: readonly string[]
}

/** Reads a finished check; `isComplaint` knows the server's way of complaining. */
export const checked = (finished: Finished, isComplaint: (line: string) => boolean): Check => ({
  exitCode: finished.exitCode,
  output: finished.output,
  warnings: finished.output.split('\n').filter(isComplaint),
})
