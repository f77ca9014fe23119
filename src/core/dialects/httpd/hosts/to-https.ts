import type { Frontend } from '../../../model/cluster.ts'
import { regexText } from '../../regular-expressions.ts'
import { httpsPortText, redirectsToHttps } from '../../to-https.ts'
import type { Context } from '../context.ts'
import { type RewriteView, requestPath, requestUri } from './answers.ts'
import { hasPages, ofClient } from './error-pages.ts'

/** null: the virtual host redirects no request. */
export const toHttpsOf = (
  frontend: Frontend,
  isTls: boolean,
  { modules }: Context,
): RewriteView | null => {
  const { clientAddress, toHttps } = frontend
  if (toHttps === null || !redirectsToHttps(frontend)) return null
  if (isTls && clientAddress === null) return null
  modules.add('rewrite')
  return {
    conditions: [
      ...(clientAddress === null ? [] : [['%{ENV:sessctl-scheme}', '=http'] as const]),
      ...(hasPages(frontend) ? [ofClient] : []),
      ...toHttps.except.map((path) => ['%{REQUEST_URI}', `!^${regexText(path)}`] as const),
      requestPath,
    ],
    expression: '^',
    substitution: `https://%{SERVER_NAME}${httpsPortText(frontend)}${requestUri}`,
    flags: `[R=${toHttps.code},L,NE]`,
  }
}
