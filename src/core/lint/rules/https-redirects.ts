import { atKey } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** Strict-Transport-Security where no response is sent over HTTPS. */
export const hstsWithoutHttps: Rule = ({ frontends }, findings) => {
  for (const frontend of frontends)
    if (frontend.hsts !== null && !mayBeHttps(frontend)) {
      const why = 'no listener of this frontend uses TLS, and it has no trusted proxy'
      withoutEffect(findings, [...frontend.path, 'hsts'], null, why)
    }
}

/** A redirect to HTTPS that no request needs, or that no listener answers. */
export const httpsRedirects: Rule = ({ frontends }, findings) => {
  const isAnswered = frontends.some(mayBeHttps)
  for (const { name, clientAddress, listeners, toHttps } of frontends) {
    if (toHttps === null) continue
    if (clientAddress === null && listeners.every(({ tls }) => tls !== null))
      withoutEffect(findings, toHttps.path, null, 'all listeners of this frontend use TLS')
    if (isAnswered) continue
    const message = `"${name}" redirects to HTTPS, and no frontend accepts HTTPS connections: behind a proxy that ends TLS, every request is redirected to itself`
    const help =
      'add a listener with tls; or, if a proxy in front ends TLS, clientAddress: { trust: [NETWORK] }'
    report(findings, 'https-redirect-unanswered', atKey(toHttps.path), message, help)
  }
}
