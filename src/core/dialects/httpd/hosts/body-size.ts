import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { type HttpSettings, valuesOf } from '../../../model/http-settings.ts'
import { formatSize } from '../../../model/size.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { isOfClient } from './error-pages.ts'

/** Expressions for requests that are refused. */
export interface BodyLimitView {
  /** For the comment. */
  readonly size: string
  readonly isTooLarge: string
  readonly hasNoLength: string
}

/** LimitRequestBody has no effect on proxied requests, so the length that a request announces is compared. */
export const bodyLimitOf = (
  { maxBodySize }: HttpSettings,
  isForPages: boolean,
  { modules }: Context,
): BodyLimitView | null => {
  if (maxBodySize === null || maxBodySize === 'unlimited') return null
  modules.add('alias')
  const and = isForPages ? ` && ${isOfClient}` : ''
  return {
    size: formatSize(maxBodySize),
    isTooLarge: `%{HTTP:Content-Length} -gt ${maxBodySize}${and}`,
    hasNoLength: `-n %{HTTP:Transfer-Encoding}${and}`,
  }
}

/** Reports once for a frontend that requests without a length are refused. */
export const noteChunkedBodies = (frontend: Frontend, { findings }: Context): void => {
  const limited = valuesOf(frontend, 'maxBodySize').find(({ value }) => value !== 'unlimited')
  if (limited === undefined) return
  report(
    findings,
    'httpd-chunked-body',
    atValue(limited.path),
    'httpd rejects requests with a body and without Content-Length (Transfer-Encoding: chunked) with 411: it cannot count their bytes',
    'set "maxBodySize: unlimited" in locations that receive such requests, and limit them in the application',
  )
}
