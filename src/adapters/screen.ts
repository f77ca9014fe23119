import type { Screen } from '../ports/build.ts'

/** Standard error while the work goes on. */
export const screenOnHost = (): Screen => ({
  isTerminal: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
  columns: process.stderr.columns || 80,
  write: (text) => void process.stderr.write(text),
})
