import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type { Cluster, Frontend } from '../../../model/cluster.ts'
import { hasTlsListener } from '../../../model/tls.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { type Rule, rule } from '../rules.ts'

/** Words of a `bind` line about TLS, apart from the certificates. */
export type BindOptions = readonly string[]

const alpnOf = (http2: boolean | null): BindOptions => {
  if (http2 === null) return []
  return ['alpn', http2 ? 'h2,http/1.1' : 'http/1.1']
}

/** How a `bind` line asks for client certificates. */
interface Asked {
  readonly ca: string
  /** Whether every request of the address needs one. */
  readonly isRequired: boolean
}

/** One `bind` line is for all frontends of the address; a frontend that differs is checked by rules. */
const askedOf = (frontends: readonly Frontend[]): Asked | null => {
  const all = frontends.map(({ tls }) => tls.clientCertificate)
  const ca = all.find((each) => each !== null)?.ca
  if (ca === undefined) return null
  return { ca, isRequired: all.every((each) => each?.verify === 'required') }
}

/** @param frontends those that listen on the address; lint/rules/tls.ts has compared their settings. */
export const bindOptions = (frontends: readonly Frontend[]): BindOptions => {
  const [frontend] = frontends
  if (frontend === undefined) return []
  const { http2, tls } = frontend
  const asked = askedOf(frontends)
  return [
    ...['ssl-min-ver', tls.minVersion],
    ...(tls.minVersion === 'TLSv1.2'
      ? ['ciphers', tls.ciphers.join(':'), 'prefer-client-ciphers']
      : []),
    ...alpnOf(http2),
    ...(asked === null
      ? []
      : ['ca-file', asked.ca, 'verify', asked.isRequired ? 'required' : 'optional']),
  ]
}

const hasNone = ['{', 'ssl_fc', '}', '!{', 'ssl_c_used', '}']

/**
 * Where a `bind` line also serves frontends that need no certificate, requests without one are refused
 * with the status of nginx. The host of the request decides, not the name in the handshake.
 */
export const certificateRules = (
  { tls }: Frontend,
  frontends: readonly Frontend[],
): readonly Rule[] =>
  tls.clientCertificate?.verify === 'required' && askedOf(frontends)?.isRequired === false
    ? [rule({ denyStatus: 400 }, hasNone)]
    : []

/** Reports frontends of one address that need different `bind` lines. */
export const checkClientCertificates = (
  frontends: readonly Frontend[],
  { findings }: Context,
): void => {
  const secure = frontends.filter(hasTlsListener)
  const [first, ...others] = secure.filter(({ tls }) => tls.clientCertificate !== null)
  if (first === undefined) return
  for (const { name, tls } of others) {
    if (tls.clientCertificate === null) continue
    if (tls.clientCertificate.ca === first.tls.clientCertificate?.ca) continue
    report(
      findings,
      'haproxy-client-certificates',
      atValue([...tls.clientCertificate.path, 'ca']),
      `"${first.name}" and "${name}" listen on one address, for which HAProxy has one "ca-file"`,
      'use one file with the certificates of all issuers, or another address',
    )
  }
  const without = secure.filter(({ tls }) => tls.clientCertificate === null)
  for (const { name } of without) {
    report(
      findings,
      'haproxy-asks-for-certificates',
      atValue(first.tls.clientCertificate?.path ?? first.path),
      `HAProxy also asks the clients of "${name}" for a certificate: it listens on the same address`,
      'use another address if browsers must not ask their users',
    )
  }
}

/** A session without a client certificate. */
const bytesPerBlock = 200

/** Settings of the whole process. */
export interface GlobalTls {
  /** `tune.ssl.cachesize`, in blocks; null: not set. */
  readonly cacheBlocks: number | null
  /** `tune.ssl.lifetime`, in seconds; null: not set. */
  readonly lifetime: number | null
  /** `tune.ssl.maxrecord`, in bytes; null: not set. */
  readonly recordSize: number | null
  readonly updatesOcsp: boolean
}

/** One value for all frontends; the others are reported. */
const oneOf = (
  secure: readonly Frontend[],
  key: 'sessionTimeout' | 'recordSize',
  { findings }: Context,
): number | null => {
  const name = key === 'recordSize' ? key : 'sessionTimeoutMs'
  const values = secure.flatMap(({ tls }) => tls[name] ?? [])
  if (values.length === 0) return null
  const [chosen, which] =
    key === 'recordSize' ? [Math.min(...values), 'smallest'] : [Math.max(...values), 'longest']
  const why = `HAProxy has one value for all frontends, the ${which} one is used`
  for (const { tls } of secure) {
    if (tls[name] === null || tls[name] === chosen) continue
    notFollowed(
      findings,
      [...tls.path, key],
      'HAProxy',
      why,
      'write the same value in all frontends',
    )
  }
  return chosen
}

export const globalTls = (context: Context): GlobalTls => {
  const { cluster, features, findings, version } = context
  const secure = cluster.frontends.filter(hasTlsListener)
  const sizes = secure.flatMap(({ tls }) => tls.sessionCache ?? [])
  const largest = Math.max(...sizes)
  for (const { tls } of secure) {
    if (tls.sessionCache !== null && tls.sessionCache !== largest) {
      const why = 'HAProxy has one cache for all frontends, with the largest of their sizes'
      notFollowed(findings, [...tls.path, 'sessionCache'], 'HAProxy', why)
    }
    if (!tls.ocspStapling || features.updatesOcsp) continue
    const why = `HAProxy ${version.text} does not request the status of certificates`
    const help = 'use HAProxy 3.0 or later, or write the response into CERTIFICATE.ocsp and reload'
    notFollowed(findings, [...tls.path, 'ocspStapling'], 'HAProxy', why, help)
  }
  const lifetimeMs = oneOf(secure, 'sessionTimeout', context)
  return {
    lifetime: lifetimeMs === null ? null : lifetimeMs / 1000,
    recordSize: oneOf(secure, 'recordSize', context),
    cacheBlocks: sizes.length === 0 ? null : Math.ceil(largest / bytesPerBlock),
    updatesOcsp: updatesOcsp(cluster) && features.updatesOcsp,
  }
}

const updatesOcsp = ({ frontends }: Cluster): boolean =>
  frontends.some((frontend) => hasTlsListener(frontend) && frontend.tls.ocspStapling)
