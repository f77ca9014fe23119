import { liveLine, type Surface } from '../../report/live-line.ts'
import type { Style } from '../../report/style.ts'
import { visible, visibleLines } from '../../report/visible.ts'
import type { BuildEvent } from '../core/steps/events.ts'

export interface ProgressOptions extends Surface {
  readonly isVerbose: boolean
}

const column = 11

const seconds = (milliseconds: number): string =>
  milliseconds < 100 ? '' : ` ${(milliseconds / 1000).toFixed(1)} s`

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
  const indent = `\n${' '.repeat(column)}`
  const lines = [`${' '.repeat(column)}${word}: ${visibleLines(message).replaceAll('\n', indent)}`]
  if (help !== null) lines.push(`${' '.repeat(column)}  ${style.dim('=')} help: ${visible(help)}`)
  return `${lines.join('\n')}\n`
}

/**
 * Turns events into what is written to standard error: on a terminal one live line below those of
 * the steps that are done, elsewhere plain lines.
 */
export const progressView = ({ isTerminal, columns, isVerbose, style }: ProgressOptions) => {
  const line = liveLine({ isTerminal: isTerminal && !isVerbose, columns, style })
  const live = (step: string, text: string): string => line.draw(`${step.padEnd(column)}${text}`)
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
        return `${line.clear()}${adviceLines(event, style)}`
      case 'done': {
        const note = event.isCached
          ? style.dim(' (cached)')
          : style.dim(seconds(event.milliseconds))
        return `${line.clear()}${style.green(step.padEnd(column))}${visible(event.summary)}${note}\n`
      }
      case 'failed':
        return `${line.clear()}${style.red(step.padEnd(column))}failed${style.dim(seconds(event.milliseconds))}\n`
    }
  }
}
