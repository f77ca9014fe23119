import type { Style } from './style.ts'
import { visible } from './visible.ts'

/** Where progress is shown. */
export interface Surface {
  /** A line can be drawn over. */
  readonly isTerminal: boolean
  readonly columns: number
  readonly style: Style
}

/** Back to the beginning of the line, and all of it away. */
const wipe = '\r\u001b[2K'
/** Where a terminal says that it has hardly any columns. */
const fewestColumns = 10

/** What is under way, in the last line of a terminal; elsewhere there is no such line. */
export const liveLine = ({ isTerminal, columns, style }: Surface) => {
  let isLive = false
  return {
    /** What is written next stands in its place. */
    clear: (): string => {
      const text = isLive ? wipe : ''
      isLive = false
      return text
    },
    draw: (text: string): string => {
      if (!isTerminal) return ''
      isLive = true
      return `${wipe}${style.dim(visible(text).slice(0, Math.max(fewestColumns, columns - 1)))}`
    },
  }
}
