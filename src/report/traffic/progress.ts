import type { Scenario } from '../../core/traffic/scenario.ts'

interface Screen {
  readonly isTerminal: boolean
  readonly columns: number
  readonly write: (text: string) => void
}

/** Back to the beginning of the line, and all of it away. */
const wipe = '\r\u001b[2K'

/** So many requests until the line is drawn again. */
const perDraw = 20

/** On a terminal one line that counts, elsewhere a line for each scenario. */
export const trafficProgress = ({ isTerminal, columns, write }: Screen, isSilent: boolean) => {
  const draw = (text: string) => write(`${wipe}${text.slice(0, Math.max(10, columns - 1))}`)
  return {
    /** @returns what is to be called for each answer. */
    begin: ({ name, title }: Scenario): (() => void) => {
      if (isSilent) return () => undefined
      if (!isTerminal) {
        write(`${name.padEnd(10)}${title}\n`)
        return () => undefined
      }
      let count = 0
      return () => {
        if (count++ % perDraw === 0) draw(`${name.padEnd(10)}${title}: ${count} answers`)
      }
    },
    end: (): void => {
      if (isTerminal && !isSilent) write(wipe)
    },
  }
}
