import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { ClientAddress, Header, Listener, ProxyProtocol } from '../cluster.ts'
import { report } from '../codes.ts'
import { byName } from '../order.ts'
import { checkNetworks } from './addresses.ts'
import { resolveRequestText } from './request-text.ts'

type SpecFrontend = Spec['frontends'][string]

const ofOtherThings = new Set([
  ...['host', 'via', 'cookie', 'user-agent', 'referer', 'authorization', 'x-forwarded-proto'],
  ...['x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix', 'x-forwarded-server'],
])

/** Why no dialect can read the client address from the header, and the remedy; null: it may contain an address. */
const notAnAddress = (header: string): readonly [message: string, help: string] | null => {
  const name = header.toLowerCase()
  if (name === 'forwarded')
    return [
      `no supported proxy can read the client address from "${header}" (RFC 7239)`,
      'configure the proxy in front to send X-Forwarded-For, or a header that contains only the address',
    ]
  if (/^proxy[_-]protocol$/.test(name))
    return [
      'the PROXY protocol is not a header',
      'set proxyProtocol: true on the listener, and remove header',
    ]
  return ofOtherThings.has(name)
    ? [
        `the header "${header}" does not contain an address`,
        'set a header with the client address, such as X-Forwarded-For',
      ]
    : null
}

export const resolveClientAddress = (
  written: SpecFrontend['clientAddress'],
  path: SpecPath,
  findings: Findings,
): ClientAddress | null => {
  if (!written) return null
  const { header } = written
  const problem = notAnAddress(header)
  if (problem !== null)
    report(findings, 'client-address-header', atValue([...path, 'header']), ...problem)
  return { trust: checkNetworks(written.trust, [...path, 'trust'], findings), header, path }
}

/** With the PROXY protocol, the client address is in the connection, and `clientAddress` names the peers. */
export const resolveProxyProtocol = (
  listeners: readonly Listener[],
  client: ClientAddress | null,
  findings: Findings,
): ProxyProtocol | null => {
  const [first] = listeners.filter(({ proxyProtocol }) => proxyProtocol)
  if (first === undefined) return null
  if (client === null) return { trust: [], path: first.path }
  const why = 'the client address is that of the PROXY protocol'
  withoutEffect(findings, [...client.path, 'header'], null, why)
  return { trust: client.trust, path: client.path }
}

/** Hop-by-hop headers (RFC 9110 §7.6.1) and those that frame a message. */
const ofTheConnection = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export const resolveHeaders = (
  written: SpecFrontend['headers'],
  path: SpecPath,
  findings: Findings,
): readonly Header[] =>
  Object.entries(written ?? {})
    .map(([name, value]) => {
      const at = [...path, name]
      const header = { name, text: resolveRequestText(value, at, findings), path: at }
      if (ofTheConnection.has(name.toLowerCase())) {
        report(
          findings,
          'header-of-the-connection',
          atKey(header.path),
          `${name} describes the connection, and is set by the proxy itself`,
          name.toLowerCase() === 'upgrade'
            ? 'remove it, and set "websocket: true" in the frontend or location'
            : 'remove it',
        )
      }
      return header
    })
    .sort(byName)
