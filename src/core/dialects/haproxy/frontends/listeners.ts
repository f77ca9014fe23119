import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import { type Address, formatAddress } from '../../../model/address.ts'
import type { Cluster, Frontend, Listener } from '../../../model/cluster.ts'
import { listenerKey } from '../../../model/network.ts'
import { answersUnknownHosts } from '../../../model/tls.ts'
import { tlsConflict } from '../../sites.ts'
import { report } from '../codes.ts'
import type { Context, Features } from '../context.ts'
import { type BindOptions, bindOptions } from './tls.ts'

type Tls = NonNullable<Listener['tls']>

/** A certificate with its key in a separate file, for `crt-store` (3.0 and later). */
export interface StoredCertificate {
  readonly certificate: string
  readonly key: string
}

const isTogether = ({ certificate, key }: Tls): boolean => certificate === key
const isAppended = ({ certificate, key }: Tls): boolean => key === `${certificate}.key`
const isBeside = ({ certificate, key }: Tls): boolean =>
  certificate.endsWith('.crt') && key === certificate.replace(/crt$/, 'key')

const allTls = (cluster: Cluster): readonly Tls[] =>
  cluster.frontends.flatMap(({ listeners }) => listeners.flatMap(({ tls }) => tls ?? []))

/** Whether some key is named after its certificate without `.crt`. */
export const looksBesideCrt = (cluster: Cluster, features: Features): boolean =>
  features.findsKeyBesideCrt && !features.loadsKeyByPath && allTls(cluster).some(isBeside)

/** Each certificate and key once, where they are loaded by path. */
export const storedCertificates = (
  cluster: Cluster,
  features: Features,
): readonly StoredCertificate[] => {
  if (!features.loadsKeyByPath) return []
  const separate = allTls(cluster).filter((tls) => !isTogether(tls))
  return [...new Map(separate.map((tls) => [tls.certificate, tls])).values()]
}

const isFound = (tls: Tls, context: Context): boolean => {
  if (context.features.loadsKeyByPath || isTogether(tls)) return true
  if (context.looksBesideCrt && tls.certificate.endsWith('.crt')) return isBeside(tls)
  return isAppended(tls)
}

/** The argument of `crt`; reported where HAProxy would not find the key. */
export const certificatePath = (tls: Tls, path: SpecPath, context: Context): string => {
  if (!isFound(tls, context)) {
    const { version, findings, features } = context
    const beside = features.findsKeyBesideCrt ? ', or of NAME.crt in NAME.key' : ''
    report(
      findings,
      'haproxy-certificate-key',
      atValue([...path, 'tls', 'key']),
      `HAProxy ${version.text} does not look for the key of ${tls.certificate} in ${tls.key}`,
      `rename the key to ${tls.certificate}.key, or put both into one file and write its path twice; HAProxy looks for the key of FILE in FILE.key${beside}; HAProxy 3.0 takes any two paths`,
    )
  }
  return tls.certificate
}

export interface Bind {
  readonly address: string
  /** nginx's `[::]:80` is for IPv6 alone; HAProxy's would take IPv4 as well. */
  readonly isIpv6Only: boolean
  readonly isProxyProtocol: boolean
  /** Paths; empty: no TLS. */
  readonly certificates: readonly string[]
  readonly options: BindOptions
}

/** The address as `bind` takes it; equal for listeners that are the same: 80, *:80 and 0.0.0.0:80. */
export const bindAddress = (address: Address): string =>
  address.kind === 'unix' ? `unix@${address.path}` : listenerKey(address)

/** HAProxy binds `PATH.PID.tmp` first and renames it. */
const longestSocketPath = 97

const checkListeners = (listeners: readonly Listener[], { findings }: Context): void => {
  const [first] = listeners
  for (const listener of listeners) {
    const { address, tls, path } = listener
    if (address.kind === 'unix' && address.path.length > longestSocketPath) {
      report(
        findings,
        'haproxy-socket-path',
        atValue(path),
        `the socket path has ${address.path.length} bytes, HAProxy takes at most ${longestSocketPath}`,
        'shorten it',
      )
    }
    if ((tls === null) !== (first?.tls === null)) {
      const conflict = tlsConflict('another frontend', formatAddress(address), tls !== null)
      report(findings, 'haproxy-listener-tls', atValue(path), ...conflict)
    }
  }
}

/** HAProxy sends the first certificate to clients that name no or an unknown host. */
const inCertificateOrder = (
  listeners: readonly Listener[],
  frontends: readonly Frontend[],
): readonly Listener[] => {
  const first = new Set(frontends.filter(answersUnknownHosts).flatMap((each) => each.listeners))
  return [
    ...listeners.filter((each) => first.has(each)),
    ...listeners.filter((each) => !first.has(each)),
  ]
}

/** A line has 64 words: `bind`, its address, `v6only`, `accept-proxy`, `ssl`, the options, and two for each certificate. */
const mostCertificates = (options: BindOptions): number => Math.floor((59 - options.length) / 2)

export const bindOf = (
  address: string,
  listeners: readonly Listener[],
  frontends: readonly Frontend[],
  context: Context,
): Bind => {
  checkListeners(listeners, context)
  const options = bindOptions(frontends)
  const most = mostCertificates(options)
  const certificates = new Set(
    inCertificateOrder(listeners, frontends).flatMap(({ tls, path }) =>
      tls === null ? [] : [certificatePath(tls, path, context)],
    ),
  )
  const last = listeners.at(-1)
  if (last && certificates.size > most) {
    report(
      context.findings,
      'haproxy-certificates',
      atValue(last.path),
      `${address} has ${certificates.size} certificates, a "bind" line of HAProxy holds at most ${most}`,
      'use a certificate for several names, or another address',
    )
  }
  return {
    address,
    isIpv6Only: address.startsWith('[::]:'),
    isProxyProtocol: listeners.some(({ proxyProtocol }) => proxyProtocol),
    certificates: [...certificates],
    options,
  }
}
