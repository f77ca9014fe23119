import type { Change, Found } from './core/output/plan.ts'

/** What commands may ask of the world; src/adapters answers, tests answer from memory. */

export interface Files {
  /** @throws IoError when it cannot be read. */
  readonly read: (path: string) => Promise<Uint8Array>
}

/** A folder of artifacts. Paths below it are written with `/`. */
export interface Output {
  /**
   * What stands there now.
   * @param concerned which files matter, given the text of the manifest there (null without one).
   * @throws IoError when something cannot be read.
   */
  readonly look: (
    folder: string,
    concerned: (manifestText: string | null) => readonly string[],
  ) => Promise<Found>
  /**
   * Lets one run at a time look and write: `plan` gets what stands there and says what to change.
   * All changes happen, or none.
   * @throws IoError when the folder cannot be written, or another run does not end in time.
   */
  readonly change: (
    folder: string,
    concerned: (manifestText: string | null) => readonly string[],
    plan: (found: Found) => readonly Change[],
    signal: AbortSignal,
  ) => Promise<void>
}

export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface Exec {
  /**
   * Runs a program without a shell and waits for it.
   * @returns null when there is no such program.
   */
  readonly run: (
    file: string,
    args: readonly string[],
    options?: {
      readonly cwd?: string
      readonly env?: Readonly<Record<string, string>>
      readonly timeoutMs?: number
    },
  ) => Promise<ExecResult | null>
}
