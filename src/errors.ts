import { type ExitCode, exitCodes } from './exit-codes.ts'

interface Details {
  /** What to do about it; null where the message says it all. */
  readonly help?: string | null
  readonly cause?: unknown
}

/** A failure that we foresaw: it has a sentence, a remedy and an exit code. Anything else is a bug. */
export abstract class SessctlError extends Error {
  abstract readonly code: string
  abstract readonly exitCode: ExitCode
  readonly help: string | null

  constructor(message: string, { help = null, cause }: Details = {}) {
    super(message, { cause })
    this.name = new.target.name
    this.help = help
  }
}

/** The command line was not understood. */
export class UsageError extends SessctlError {
  readonly code = 'usage'
  readonly exitCode = exitCodes.notUnderstood
}

/** A file or folder could not be read or written. */
export class IoError extends SessctlError {
  readonly code = 'io'
  readonly exitCode = exitCodes.couldNot
}

/** A program that we called is missing or failed. */
export class ToolError extends SessctlError {
  readonly code = 'tool'
  readonly exitCode = exitCodes.couldNot
}

/** Sources could not be had, are not what they should be, or do not become a program. */
export class BuildError extends SessctlError {
  readonly code = 'build'
  readonly exitCode = exitCodes.couldNot
}

/** A change failed and was taken back: the host is as it was before. */
export class RolledBackError extends SessctlError {
  readonly code = 'rolled-back'
  readonly exitCode = exitCodes.rolledBack
}

/** A change failed, and so did taking it back: somebody has to look. */
export class RollbackFailedError extends SessctlError {
  readonly code = 'rollback-failed'
  readonly exitCode = exitCodes.rollbackFailed
}

/** A spec names a file that lies where it may not read. */
export class OutsideError extends SessctlError {
  readonly code = 'path-outside'
  readonly exitCode = exitCodes.notUnderstood
  /** Absolute, as it was named. */
  readonly path: string
  /** `link`: it is named inside, and a symbolic link leads out. */
  readonly reason: 'outside' | 'link' | 'git'

  constructor(path: string, reason: OutsideError['reason']) {
    super(`${path} lies outside of what a spec may read`)
    this.path = path
    this.reason = reason
  }
}
