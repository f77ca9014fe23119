export interface Checked {
  readonly command: string
  /** The `load_module` lines, or nothing. */
  readonly loadModule: string
  /** Whether it knows `server … srun_id=`. */
  readonly isPatched: boolean
}

/** Starts it between two backends; throws with what is not as it should be. */
export function checkBehaviour(nginx: Checked): Promise<void>
