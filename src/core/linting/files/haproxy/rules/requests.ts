import type { HaproxyStatement } from '../../../../config/haproxy/config.ts'
import { report } from '../../codes.ts'
import type { HaproxyRule } from '../../rule.ts'
import { serversOf, settingOf } from '../view.ts'

/** Of these, a server may have executed the request. */
const afterRequest =
  /^(?:all-retryable-errors|empty-response|junk-response|response-timeout|50[024])$/

const isSparing = ({ args, name }: HaproxyStatement): boolean =>
  name === 'http-request' && args[0] === 'disable-l7-retry'

/** `retry-on` repeats requests of every method, unless a rule says which it does not. */
export const haproxyRetryRepeats: HaproxyRule = ({ backends, files }, findings) => {
  const isSpared = files.some(({ config }) =>
    config.sections.some(({ keyword, lines }) => keyword !== 'backend' && lines.some(isSparing)),
  )
  const reported = new Set<HaproxyStatement>()
  for (const backend of backends) {
    const retry = settingOf(backend, 'retry-on')
    const argument = retry?.args.findIndex((word) => afterRequest.test(word)) ?? -1
    if (retry === null || argument === -1 || reported.has(retry.statement)) continue
    if (isSpared || backend.section.lines.some(isSparing) || serversOf(backend).length < 2) continue
    if (settingOf(backend, 'retries')?.args[0] === '0') continue
    reported.add(retry.statement)
    report(
      findings,
      'next-upstream-repeats',
      backend.atSetting(retry, argument),
      `after ${retry.args[argument]}, a POST is sent again, even if the server has executed it`,
      'add http-request disable-l7-retry if METH_POST to the backend',
    )
  }
}
