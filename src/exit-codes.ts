/** The exit codes of every command. */
export const exitCodes = {
  /** Done, or clean. */
  done: 0,
  /** A check found something: drift, a lint error, a difference, a failed claim. */
  found: 1,
  /** The command line or the spec is invalid. */
  notUnderstood: 2,
  /** A permission, program, file or download is missing or failed. */
  couldNot: 3,
  /** A change failed and was rolled back. */
  rolledBack: 4,
  /** A change failed, and rolling it back failed too. */
  rollbackFailed: 5,
  /** A bug in sessctl. */
  bug: 70,
} as const

/** One of the exit codes above, or 128 + the number of the signal that ended the process. */
export type ExitCode = number

/** The exit codes as the help and the manual page explain them. */
export const exitCodeMeanings: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'success'],
  ['1', 'a check found something (lint, verify, lab, abi, --check, --fail-on)'],
  ['2', 'the command line or the spec is invalid'],
  ['3', 'a file, program or download is missing or failed'],
  ['4', 'a change failed and was rolled back'],
  ['5', 'a change failed, and rolling it back failed too'],
  ['70', 'internal error'],
  ['128+n', 'ended by signal n'],
]
