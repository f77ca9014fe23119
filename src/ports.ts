/** What commands may ask of the world; src/adapters answers, tests answer from memory. */

export interface Files {
  /** @throws IoError when it cannot be read. */
  readonly read: (path: string) => Promise<Uint8Array>
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
