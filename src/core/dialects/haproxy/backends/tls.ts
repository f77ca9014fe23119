import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { tlsNameOf } from '../../../model/server-tls.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { sampleArgument } from '../quote.ts'

/** Words of a server line after `ssl`; empty: plain HTTP. */
export const tlsWords = ({ protocol, servers, tls }: Upstream): readonly string[] => {
  if (protocol !== 'https') return []
  const name = tls === null ? null : tlsNameOf(tls, servers)
  const sni = name === null ? [] : ['sni', `str(${sampleArgument(name)})`, 'check-sni', name]
  const verified =
    tls?.verify === true && tls.ca !== null
      ? ['verify', 'required', 'ca-file', tls.ca, ...(name === null ? [] : ['verifyhost', name])]
      : ['verify', 'none']
  const own = tls === null || tls.certificate === null ? [] : ['crt', tls.certificate]
  return ['ssl', ...verified, ...sni, ...own]
}

const products = { uwsgi: 'nginx or httpd', ajp: 'httpd' } as const

export const checkProtocol = ({ protocol, path }: Upstream, { findings }: Context): void => {
  if (protocol !== 'uwsgi' && protocol !== 'ajp') return
  report(
    findings,
    'haproxy-protocol',
    atValue([...path, 'protocol']),
    `HAProxy does not speak ${protocol === 'ajp' ? 'AJP' : protocol}`,
    `use ${products[protocol]} for this upstream, or let the servers speak HTTP`,
  )
}
