/** What an exit code says to a script; docs/commands.md has the same table. */
export const exitCodes = {
  /** Done, or clean. */
  done: 0,
  /** Found what was asked about: drift, a lint error, a difference, a failed claim. */
  found: 1,
  /** A flag or the spec was not understood. */
  notUnderstood: 2,
  /** Could not do it: permission, missing tool, I/O. */
  couldNot: 3,
  /** Failed, and everything is as it was before. */
  rolledBack: 4,
  /** Failed, and could not be taken back. */
  rollbackFailed: 5,
  /** A bug in sessctl. */
  bug: 70,
} as const

/** The table above, or 128 + the number of the signal that ended it. */
export type ExitCode = number
