import { SessctlError } from '../errors.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { formatJson } from './json.ts'
import type { Style } from './style.ts'
import { visibleLines } from './visible.ts'

export interface Failure {
  readonly exitCode: ExitCode
  readonly code: string
  readonly message: string
  readonly help: string | null
  /** Only for bugs. */
  readonly stack: string | null
}

/** Any thrown value, as a failure that can be reported. */
export const failureOf = (thrown: unknown): Failure => {
  if (thrown instanceof SessctlError) {
    const { exitCode, code, message, help } = thrown
    return { exitCode, code, message, help, stack: null }
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  return {
    exitCode: exitCodes.bug,
    code: 'bug',
    message: `this is a bug in sessctl: ${error.message}`,
    help: 'please report it with the lines above and the spec, without its secrets',
    stack: error.stack ?? null,
  }
}

/**
 * The output of a program may have several lines, and names of files may contain any character: lines
 * after the first are indented, so that none of them looks like a separate message.
 */
const inLines = (text: string): string => visibleLines(text).replaceAll('\n', '\n  ')

export const formatFailure = ({ code, message, help, stack }: Failure, style: Style): string =>
  [
    ...(stack === null ? [] : [style.dim(visibleLines(stack))]),
    `${style.red('error')}: ${inLines(message)}`,
    ...(help === null
      ? []
      : [`  ${style.dim('=')} ${code === 'bug' ? 'note' : 'help'}: ${inLines(help)}`]),
    '',
  ].join('\n')

export const failureJson = (command: string, { exitCode, code, message, help }: Failure): string =>
  formatJson(command, exitCode, { error: { code, message, help } })
