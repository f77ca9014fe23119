import type { CheckResult, ScenarioResult } from '../../core/traffic/evaluate.ts'
import type { EventName } from '../../core/traffic/exchange.ts'
import type { FigureName, Figures } from '../../core/traffic/figures/figures.ts'
import { formatShare } from '../../core/traffic/reason.ts'

/** The result of a scenario: upper case if a claim failed or could not be tested. */
export const statusWord = ({ status, isClaimed }: ScenarioResult): string => {
  switch (status) {
    case 'held':
      return 'holds'
    case 'failed':
      return isClaimed ? 'FAILS' : 'not met'
    case 'unknown':
      return isClaimed ? 'UNKNOWN' : 'unknown'
    case 'skipped':
      return isClaimed ? 'UNTESTED' : 'skipped'
  }
}

export const figureWords: Readonly<Record<FigureName, string>> = {
  sticky: 'sticky',
  even: 'even',
  kept: 'sessions kept',
  answered: 'answered',
  avoided: 'new clients elsewhere',
  rejoined: 'back in use',
  counted: 'updates kept',
  routed: 'routed',
  separate: 'sessions of one client only',
  upgraded: 'upgraded',
  open: 'stayed open',
}

export const eventWords: Readonly<Record<EventName, string>> = {
  'kill-server': 'killed',
  'start-server': 'started',
  'drain-server': 'drained',
  'restart-servers': 'rolling restart',
  'restart-store': 'store restarted',
  'apply-change': 'change applied',
}

export const shareText = (share: number | null): string =>
  share === null ? '?' : formatShare(share)

export const checkText = ({ figure, measured }: CheckResult): string =>
  `${shareText(measured)} ${figureWords[figure]}`

export const msText = (milliseconds: number): string =>
  `${milliseconds < 100 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`

export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`

/** What no check of the result says: the number of requests, failures and lost sessions, and the latency. */
export const figureText = (
  { requests, failed, latency, shares }: Figures,
  checks: readonly CheckResult[],
): string => {
  const isChecked = checks.some(({ figure }) => figure === 'kept')
  const isLost = shares.kept !== null && shares.kept < 1
  return [
    plural(requests, 'request'),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(isLost && !isChecked
      ? [`${formatShare(1 - (shares.kept ?? 0))} of the sessions lost`]
      : []),
    ...(latency === null ? [] : [`p50 ${msText(latency.p50)}, p99 ${msText(latency.p99)}`]),
  ].join(', ')
}

export interface Verdict {
  readonly kind: 'good' | 'warn' | 'bad'
  readonly text: string
}

/** How many claims hold, and which other scenarios did not reach their limits. */
export const verdictOf = (results: readonly ScenarioResult[]): Verdict => {
  const claimed = results.filter(({ isClaimed }) => isClaimed)
  const held = claimed.filter(({ status }) => status === 'held').length
  const missed = results.filter(({ isClaimed, status }) => !isClaimed && status === 'failed')
  const names = [...new Set(missed.map(({ scenario }) => scenario))].join(', ')
  const claims =
    claimed.length === 0
      ? 'no claims'
      : held < claimed.length
        ? `${held} of ${plural(claimed.length, 'claim')} ${held === 1 ? 'holds' : 'hold'}`
        : held === 1
          ? 'the claim holds'
          : `all ${held} claims hold`
  return {
    kind: held < claimed.length ? 'bad' : missed.length > 0 ? 'warn' : 'good',
    text: missed.length === 0 ? claims : `${claims}; not claimed and not met: ${names}`,
  }
}
