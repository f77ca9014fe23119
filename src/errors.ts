import { type ExitCode, exitCodes } from './exit-codes.ts'

interface Details {
  /** The remedy; null if the message is sufficient. */
  readonly help?: string | null
  readonly cause?: unknown
}

/** An expected failure, with a message, a remedy and an exit code. Any other error is a bug. */
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

/** The command line is invalid. */
export class UsageError extends SessctlError {
  readonly code = 'usage'
  readonly exitCode = exitCodes.notUnderstood
}

/** A file or folder could not be read or written. */
export class IoError extends SessctlError {
  readonly code = 'io'
  readonly exitCode = exitCodes.couldNot
}

/** An external program is missing or failed. */
export class ToolError extends SessctlError {
  readonly code = 'tool'
  readonly exitCode = exitCodes.couldNot
}

/** Sources cannot be downloaded, do not match their checksum, or do not compile. */
export class BuildError extends SessctlError {
  readonly code = 'build'
  readonly exitCode = exitCodes.couldNot
}

/** A change failed and was rolled back: the host is unchanged. */
export class RolledBackError extends SessctlError {
  readonly code = 'rolled-back'
  readonly exitCode = exitCodes.rolledBack
}

/** A change failed, and its rollback failed too: manual repair is necessary. */
export class RollbackFailedError extends SessctlError {
  readonly code = 'rollback-failed'
  readonly exitCode = exitCodes.rollbackFailed
}

/** A spec names a file in a folder that it may not read. */
export class OutsideError extends SessctlError {
  readonly code = 'path-outside'
  readonly exitCode = exitCodes.notUnderstood
  /** Absolute, before symbolic links are resolved. */
  readonly path: string
  /** `link`: the path is inside, but a symbolic link leads outside. */
  readonly reason: 'outside' | 'link' | 'git'

  constructor(path: string, reason: OutsideError['reason']) {
    super(`${path} lies outside of what a spec may read`)
    this.path = path
    this.reason = reason
  }
}
