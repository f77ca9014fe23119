import type { Scenario } from '../../core/traffic/scenario.ts'
import { liveLine, type Surface } from '../live-line.ts'

interface Screen extends Surface {
  readonly write: (text: string) => void
}

/** So many requests until the line is drawn again. */
const perDraw = 20

/** On a terminal one line that counts, elsewhere a line for each scenario. */
export const trafficProgress = ({ write, ...surface }: Screen, isSilent: boolean) => {
  const line = liveLine(surface)
  return {
    /** @returns what is to be called for each answer. */
    begin: ({ name, title }: Scenario): (() => void) => {
      if (isSilent) return () => undefined
      if (!surface.isTerminal) {
        write(`${name.padEnd(10)}${title}\n`)
        return () => undefined
      }
      let count = 0
      return () => {
        if (count++ % perDraw === 0)
          write(line.draw(`${name.padEnd(10)}${title}: ${count} answers`))
      }
    },
    end: (): void => {
      write(line.clear())
    },
  }
}
