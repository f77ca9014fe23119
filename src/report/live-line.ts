import type { Style } from './style.ts'
import { visible } from './visible.ts'

/** Where progress is shown. */
export interface Surface {
  /** A line can be overwritten. */
  readonly isTerminal: boolean
  readonly columns: number
  readonly style: Style
}

/** To the beginning of the line, and erase it. */
const wipe = '\r\u001b[2K'
/** For terminals that report hardly any columns. */
const fewestColumns = 10

/** Progress in the last line of a terminal; elsewhere there is no such line. */
export const liveLine = ({ isTerminal, columns, style }: Surface) => {
  let isLive = false
  return {
    /** The next output replaces it. */
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
