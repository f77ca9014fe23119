import type { Screen } from '../ports.ts'
import { terminalSafe } from '../report/visible.ts'
import { wantsColour } from './terminal.ts'

/** Standard error while the work goes on. */
export const screenOnHost = (): Screen => {
  const hasColour = wantsColour(2, process.argv, process.env)
  const isLive = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb'
  return {
    isTerminal: isLive,
    columns: process.stderr.columns || 80,
    write: (text) => void process.stderr.write(terminalSafe(text, { hasColour, isLive })),
  }
}
