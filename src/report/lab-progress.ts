import { liveLine, type Surface } from './live-line.ts'
import { visible } from './visible.ts'

interface Options extends Surface {
  readonly write: (text: string) => void
  /** Milliseconds. */
  readonly ticks: () => number
}

/** How a lab says what it does. */
export interface LabProgress {
  /** A line that stays. */
  readonly say: (text: string) => void
  /** Shows, for as long as the work takes, that it is under way. */
  readonly during: <Result>(what: string, work: () => Promise<Result>) => Promise<Result>
}

/**
 * A line for each thing that is done; on a terminal one below them says what is under way, with the
 * seconds that the oldest of it has taken.
 */
export const labProgress = ({ write, ticks, ...surface }: Options) => {
  const line = liveLine(surface)
  const underWay = new Map<object, { readonly what: string; readonly since: number }>()
  const drawn = (): string => {
    const works = [...underWay.values()]
    const [oldest] = works
    if (oldest === undefined) return line.clear()
    const seconds = Math.floor((ticks() - oldest.since) / 1000)
    return line.draw(`${seconds} s  ${works.map(({ what }) => what).join(', ')}`)
  }
  const draw = (): void => write(drawn())
  const progress: LabProgress = {
    say: (text) => write(`${line.clear()}${visible(text)}\n${drawn()}`),
    during: async (what, work) => {
      const key = {}
      underWay.set(key, { what, since: ticks() })
      draw()
      try {
        return await work()
      } finally {
        underWay.delete(key)
        draw()
      }
    },
  }
  return { progress, draw }
}

export const silentProgress: LabProgress = {
  say: () => undefined,
  during: (_, work) => work(),
}
