import type { CheckResult, Result } from '../../core/traffic/evaluate.ts'
import type { EventName } from '../../core/traffic/exchange.ts'
import type { FigureName } from '../../core/traffic/figures/figures.ts'
import { formatShare } from '../../core/traffic/reason.ts'

/** How a result reads in one or two words: what nobody claimed does not fail. */
export const statusWord = ({ status, isClaimed }: Result): string => {
  switch (status) {
    case 'held':
      return 'holds'
    case 'failed':
      return isClaimed ? 'FAILS' : 'does not'
    case 'unknown':
      return isClaimed ? 'UNSHOWN' : 'unclear'
    case 'skipped':
      return isClaimed ? 'UNSHOWN' : 'skipped'
  }
}

export const figureWords: Readonly<Record<FigureName, string>> = {
  sticky: 'sticky',
  even: 'even',
  kept: 'sessions kept',
  answered: 'answered',
  avoided: 'newcomers elsewhere',
  rejoined: 'back in use',
  counted: 'updates kept',
  routed: 'routed',
  separate: 'with a session of their own',
}

export const eventWords: Readonly<Record<EventName, string>> = {
  'kill-server': 'killed',
  'start-server': 'started',
  'drain-server': 'drained',
  'restart-servers': 'all restart',
  'restart-store': 'store restarts',
}

export const shareText = (share: number | null): string =>
  share === null ? '?' : formatShare(share)

export const checkText = ({ figure, measured }: CheckResult): string =>
  `${shareText(measured)} ${figureWords[figure]}`

/** Short ones with a digit behind the point. */
export const msText = (milliseconds: number): string =>
  `${milliseconds < 100 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`

export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`

/** How many claims hold, in a sentence. */
export const verdictOf = (results: readonly Result[]): string => {
  const claimed = results.filter(({ isClaimed }) => isClaimed)
  const held = claimed.filter(({ status }) => status === 'held')
  if (claimed.length === 0) return 'nothing was claimed'
  if (claimed.length === 1)
    return held.length === 1 ? 'the one claim holds' : 'the one claim does not hold'
  if (held.length < claimed.length)
    return `${held.length} of ${plural(claimed.length, 'claim')} ${held.length === 1 ? 'holds' : 'hold'}`
  return `all ${claimed.length} claims hold`
}
