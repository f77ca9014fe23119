import type { Screen } from '../ports.ts'
import { liveLine } from './live-line.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

/** Shows on standard error what a long run is doing. */
export interface Progress {
  /** Prints a line. */
  readonly say: (text: string) => void
  /**
   * Shows the work while it is done, and prints a line with its duration when it has succeeded.
   * @param work gets a function that shows a detail behind the name of the work.
   */
  readonly during: <Result>(
    name: string,
    work: (showDetail: (text: string) => void) => Promise<Result>,
  ) => Promise<Result>
}

/** A detail may change with every response; the line is drawn this often at most. */
const redrawMs = 100

/**
 * A line for each finished piece of work. On a terminal, the line below them shows the work in progress
 * and the seconds since the oldest of it began.
 * @param ticks milliseconds.
 */
export const progressOn = (screen: Screen, ticks: () => number, style: Style) => {
  const line = liveLine({ ...screen, style })
  const works = new Map<object, { readonly name: string; readonly since: number; detail: string }>()
  let drawnAt = 0
  const drawn = (): string => {
    const [oldest] = works.values()
    if (oldest === undefined) return line.clear()
    drawnAt = ticks()
    const seconds = Math.floor((drawnAt - oldest.since) / 1000)
    return line.draw(
      `${seconds} s  ${[...works.values()].map(({ name, detail }) => `${name}${detail}`).join(', ')}`,
    )
  }
  const draw = (): void => screen.write(drawn())
  const say = (text: string): void => screen.write(`${line.clear()}${visible(text)}\n${drawn()}`)
  const progress: Progress = {
    say,
    during: async (name, work) => {
      const entry = { name, since: ticks(), detail: '' }
      works.set(entry, entry)
      draw()
      try {
        const result = await work((text) => {
          entry.detail = `: ${text}`
          if (ticks() - drawnAt >= redrawMs) draw()
        })
        works.delete(entry)
        say(`${name}: ${((ticks() - entry.since) / 1000).toFixed(1)} s`)
        return result
      } catch (error) {
        works.delete(entry)
        draw()
        throw error
      }
    },
  }
  return { progress, draw }
}

export const silentProgress: Progress = {
  say: () => undefined,
  during: (_, work) => work(() => undefined),
}
