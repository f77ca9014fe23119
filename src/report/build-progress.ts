import type { BuildEvent } from '../core/build/steps/events.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

export interface ProgressOptions {
  /** A line can be drawn over. */
  readonly isTerminal: boolean
  readonly columns: number
  readonly isVerbose: boolean
  readonly style: Style
}

const column = 11

const seconds = (milliseconds: number): string =>
  milliseconds < 100 ? '' : ` ${(milliseconds / 1000).toFixed(1)} s`

/** Back to the beginning of the line, and all of it away. */
const wipe = '\r\u001b[2K'

const progressText = (event: Extract<BuildEvent, { kind: 'progress' }>): string => {
  const { what, done, total } = event
  // Bytes of a download, or objects of a compilation.
  const size = (count: number): string =>
    count > 99_999 ? `${(count / 1_048_576).toFixed(1)} MB` : `${count}`
  const counts = total === null ? (done === 0 ? '' : size(done)) : `${size(done)}/${size(total)}`
  return counts === '' ? what : `${counts} ${what}`
}

const adviceLines = (event: Extract<BuildEvent, { kind: 'advice' }>, style: Style): string => {
  const { level, message, help } = event.advice
  const word =
    level === 'note'
      ? style.cyan('note')
      : level === 'warning'
        ? style.yellow('warning')
        : style.red('error')
  const lines = [`${' '.repeat(column)}${word}: ${visible(message)}`]
  if (help !== null) lines.push(`${' '.repeat(column)}  ${style.dim('=')} help: ${visible(help)}`)
  return `${lines.join('\n')}\n`
}

/**
 * Turns events into what is written to standard error: on a terminal one live line below those of
 * the steps that are done, elsewhere plain lines.
 */
export const progressView = ({ isTerminal, columns, isVerbose, style }: ProgressOptions) => {
  let isLive = false
  const clear = (): string => {
    const text = isLive ? wipe : ''
    isLive = false
    return text
  }
  const live = (step: string, text: string): string => {
    if (!isTerminal || isVerbose) return ''
    isLive = true
    const line = `${step.padEnd(column)}${visible(text)}`
    return `${wipe}${style.dim(line.slice(0, Math.max(10, columns - 1)))}`
  }
  return (event: BuildEvent): string => {
    const { step } = event
    switch (event.kind) {
      case 'started':
        return live(step, '…')
      case 'line':
        return isVerbose ? `${style.dim(visible(event.text))}\n` : ''
      case 'progress':
        return live(step, progressText(event))
      case 'advice':
        return `${clear()}${adviceLines(event, style)}`
      case 'done': {
        const note = event.isCached
          ? style.dim(' (as before)')
          : style.dim(seconds(event.milliseconds))
        return `${clear()}${style.green(step.padEnd(column))}${visible(event.summary)}${note}\n`
      }
      case 'failed':
        return `${clear()}${style.red(step.padEnd(column))}failed${style.dim(seconds(event.milliseconds))}\n`
    }
  }
}
