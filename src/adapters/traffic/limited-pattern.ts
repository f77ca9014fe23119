import { createContext, Script } from 'node:vm'
import type { Pattern } from '../../core/traffic/identity.ts'
import { UsageError } from '../../errors.ts'

const mostMs = 1000

/** The error belongs to the context of the script: it is no instance of this `Error`. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  Reflect.get(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/**
 * Only node:vm can end a computation that takes too long. After the first timeout, the expression is not
 * used again, because signals are not handled during a computation.
 */
export const withTimeLimit = (pattern: Pattern): Pattern => {
  const script = new Script('run()')
  let tooLong: UsageError | null = null
  return {
    exec: (text) => {
      if (tooLong !== null) throw tooLong
      let found: RegExpExecArray | null = null
      const run = (): void => {
        found = pattern.exec(text)
      }
      try {
        script.runInContext(createContext({ run }), { timeout: mostMs })
      } catch (error) {
        if (!isTimeout(error)) throw error
        tooLong = new UsageError(`${pattern} takes more than ${mostMs / 1000} s for one response`, {
          help: 'avoid nested repetitions such as (a+)+',
        })
        throw tooLong
      }
      return found
    },
    toString: () => String(pattern),
  }
}
