import { isFailure, type Result } from '../../core/traffic/evaluate.ts'
import type { Figures } from '../../core/traffic/figures/figures.ts'
import { formatShare } from '../../core/traffic/reason.ts'
import { html, type Markup, nothing } from './markup.ts'
import { rowsPlot } from './plots/rows.ts'
import { spreadPlot } from './plots/spread.ts'
import { timePlot } from './plots/time.ts'
import { checkText, msText, plural, statusWord } from './words.ts'

export const badgeOf = (result: Result): Markup => {
  const kind =
    result.status === 'held'
      ? 'good'
      : isFailure(result)
        ? 'bad'
        : result.status === 'failed'
          ? 'warn'
          : ''
  return html`<span class="badge ${kind}">${statusWord(result)}</span>`
}

const checkList = ({ checks }: Result): Markup => {
  const items = checks.map(
    (check) =>
      html`<li><strong>${checkText(check)}</strong> <span class="dim">(${check.isHeld === true ? 'at least' : 'but should be at least'} ${formatShare(check.least)})</span>: ${check.reason}</li>`,
  )
  return html`<ul>${items}</ul>`
}

const figureLine = ({
  requests,
  clients,
  failed,
  unidentified,
  latency,
  endings,
  shares,
}: Figures): Markup => {
  const codes = endings.map(({ code, count }) => `${code}: ${count}`).join(', ')
  const { kept } = shares
  const words = [
    `${plural(requests, 'request')} of ${plural(clients, 'client')}`,
    failed === 0 ? 'none failed' : `${failed} failed`,
    ...(unidentified === 0 ? [] : [`${unidentified} from nobody knows which server`]),
    ...(kept === null ? [] : [`${formatShare(kept)} of the sessions kept`]),
    `answers ${codes}`,
    ...(latency === null
      ? []
      : [
          `half of them within ${msText(latency.p50)}, 95% within ${msText(latency.p95)}, 99% within ${msText(latency.p99)}, all within ${msText(latency.max)}`,
        ]),
  ]
  return html`<p class="dim">${words.join(' · ')}</p>`
}

/** One scenario with all that was seen. */
export const articleOf = (
  result: Result,
  colours: ReadonlyMap<string, string>,
  id: string,
): Markup => {
  const { title, claim, reason, figures, timeline, checks, isClaimed } = result
  const why = reason === '' || checks.length > 0 ? nothing : html`<p>${reason}</p>`
  const plots =
    figures === null || timeline === null
      ? nothing
      : html`${figureLine(figures)}<div class="plots">${spreadPlot(figures, colours, title)}${rowsPlot(timeline, colours, title)}${timePlot(timeline, colours, title)}</div>`
  return html`<article id="${id}" aria-labelledby="${id}-title"><header>${badgeOf(result)}<h3 id="${id}-title">${title}</h3><span class="dim">${isClaimed ? 'claimed' : 'not claimed'}</span></header><p>${claim[0]?.toUpperCase() ?? ''}${claim.slice(1)}.</p>${why}${checks.length === 0 ? nothing : checkList(result)}${plots}</article>`
}
