import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { tlsNameOf } from '../../model/server-tls.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** Without authorities or a name, `verify` would refuse every server, or accept any. */
export const serverTls: Rule = ({ upstreams }, findings) => {
  for (const { protocol, servers, tls } of upstreams) {
    if (tls === null) continue
    if (protocol !== 'https') {
      withoutEffect(
        findings,
        tls.path,
        null,
        `the servers speak ${protocol}`,
        'write protocol: https',
      )
      continue
    }
    if (!tls.verify) continue
    if (tls.ca === null) {
      report(
        findings,
        'server-tls',
        atKey(tls.path),
        'there are no authorities to verify the servers with',
        'write tls: { ca: /etc/ssl/certs/ca-certificates.crt }, or tls: { verify: false }',
      )
    }
    if (tlsNameOf(tls, servers) !== null) continue
    report(
      findings,
      'server-tls',
      atKey(tls.path),
      'there is no name that the certificates of the servers are verified with: their addresses are not one host name',
      'write tls: { serverName: NAME } with the name in their certificates, or tls: { verify: false }',
    )
  }
}

/** A server.xml has a Connector for HTTP or AJP on the port of the server's address. */
export const tomcatProtocol: Rule = ({ upstreams }, findings) => {
  for (const { app, path, protocol } of upstreams) {
    if (app.runtime !== 'tomcat' || protocol === 'http' || protocol === 'ajp') continue
    report(
      findings,
      'tomcat-protocol',
      atValue([...path, 'protocol']),
      `the proxy would speak ${protocol} to the Connector for plain HTTP that each Tomcat of this upstream has`,
      'write protocol: http, or remove app and configure the Connectors of the Tomcats yourself',
    )
  }
}
