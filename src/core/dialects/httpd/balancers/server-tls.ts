import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { atLeast } from '../../../model/version.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { literal } from '../values.ts'

/** SSLProxy* directives of a balancer. */
export interface ServerTlsView {
  /** null: servers are not verified. */
  readonly ca: string | null
  readonly certificate: string | null
}

const modules = {
  https: 'ssl',
  fastcgi: 'proxy_fcgi',
  uwsgi: 'proxy_uwsgi',
  ajp: 'proxy_ajp',
} as const

/** With ProxyPreserveHost, httpd requests and expects the name that the client requested. */
const reportName = ({ tls }: Upstream, { findings }: Context): void => {
  if (tls === null || !tls.verify) return
  notFollowed(
    findings,
    [...tls.path, 'serverName'],
    'httpd',
    'it requests the name that the client requested, and verifies the authority of the certificate only',
  )
}

/** `secret` of BalancerMember; "2.4" alone is the newest release. */
const oldestWithSecret = '2.4.42'

const checkAjpSecret = (
  { ajpSecret, path, protocol }: Upstream,
  { findings, version }: Context,
): void => {
  if (protocol !== 'ajp' || ajpSecret === null) return
  if (version.text === '2.4' || atLeast(version, oldestWithSecret)) return
  report(
    findings,
    'httpd-ajp-secret',
    atValue([...path, 'ajpSecret']),
    `httpd ${version.text} cannot send the secret of an AJP Connector`,
    `use httpd ${oldestWithSecret} or later`,
  )
}

export const serverTlsOf = (upstream: Upstream, context: Context): ServerTlsView | null => {
  const { ajpSecret, path, protocol, tls } = upstream
  if (protocol !== 'http') context.modules.add(modules[protocol])
  if (protocol === 'ajp' && ajpSecret?.kind === 'file') {
    report(
      context.findings,
      'httpd-secret',
      atValue([...path, 'ajpSecret']),
      'httpd cannot read a secret from a file',
      'write { env: NAME }, and set the variable in the environment of the service',
    )
  }
  checkAjpSecret(upstream, context)
  if (protocol !== 'https' || tls === null) return null
  reportName(upstream, context)
  const file = (key: 'ca' | 'certificate'): string | null => {
    const written = tls[key]
    return written === null ? null : literal(written, [...tls.path, key], context)
  }
  return { ca: tls.verify ? file('ca') : null, certificate: file('certificate') }
}

/** `secret` of a BalancerMember, since 2.4.42. */
export const ajpSecretOf = ({
  ajpSecret,
  protocol,
}: Upstream): { readonly secretVariable: string | null; readonly secret: string | null } => ({
  secretVariable: protocol === 'ajp' && ajpSecret?.kind === 'env' ? ajpSecret.name : null,
  secret: protocol === 'ajp' && ajpSecret?.kind === 'literal' ? `secret=${ajpSecret.value}` : null,
})
