import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import { formatAddress } from '../../model/address.ts'
import type { Frontend, Header } from '../../model/cluster.ts'
import { listenerKey } from '../../model/network.ts'
import { variablesOf } from '../../model/request-text.ts'
import { allHeaders } from '../../model/request-texts.ts'
import { answersUnknownHosts, hasTlsListener } from '../../model/tls.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** Fields of TLS in a frontend without HTTPS. */
export const tlsWithoutListener: Rule = ({ frontends }, findings) => {
  for (const frontend of frontends) {
    if (hasTlsListener(frontend)) continue
    const why = 'no listener of this frontend has a certificate'
    const help = 'add tls: { certificate, key } to a listener'
    for (const key of ['tls', 'http2'])
      withoutEffect(findings, [...frontend.path, key], null, why, help)
  }
}

type Setting = readonly [key: string, value: (frontend: Frontend) => unknown]

/** What is agreed on before the client names a host, or for all hosts of an address. */
const perAddress: readonly Setting[] = [
  ['http2', ({ http2 }) => http2],
  ['tls.minVersion', ({ tls }) => tls.minVersion],
  ['tls.ciphers', ({ tls }) => tls.ciphers],
  ['tls.sessionTimeout', ({ tls }) => tls.sessionTimeoutMs],
]

const differences = (one: Frontend, other: Frontend): readonly string[] =>
  perAddress.flatMap(([key, value]) =>
    JSON.stringify(value(one)) === JSON.stringify(value(other)) ? [] : [key],
  )

/** Frontends on one address that need different handshakes. */
export const tlsPerAddress: Rule = ({ frontends }, findings) => {
  const first = new Map<string, Frontend>()
  for (const frontend of frontends) {
    for (const { address, tls } of frontend.listeners) {
      if (tls === null) continue
      const key = listenerKey(address)
      const other = first.get(key) ?? frontend
      first.set(key, other)
      const [different] = differences(other, frontend)
      if (different === undefined) continue
      report(
        findings,
        'tls-per-address',
        atKey([...frontend.path, ...different.split('.')]),
        `"${other.name}" and "${frontend.name}" listen on ${formatAddress(address)} with different "${different}"`,
        `set the same "${different}" in both, or use another address`,
      )
    }
  }
}

const emptyBecause = (frontend: Frontend, { text }: Header): readonly [string, string] | null => {
  const names = variablesOf(text)
  const name = names.find((each) => each.startsWith('tls.'))
  if (name !== undefined && !hasTlsListener(frontend))
    return [`{${name}} is always empty: this frontend has no HTTPS listener`, 'remove it']
  const ofClient = names.find((each) => each.startsWith('tls.client.'))
  return ofClient !== undefined && frontend.tls.clientCertificate === null
    ? [
        `{${ofClient}} never contains data of a certificate: clients are not asked for one`,
        'set tls.clientCertificate, or remove the variable',
      ]
    : null
}

/** Variables that have the same value in all requests. */
export const emptyVariables: Rule = ({ frontends }, findings) => {
  for (const frontend of frontends) {
    for (const header of allHeaders(frontend)) {
      const problem = emptyBecause(frontend, header)
      if (problem !== null) report(findings, 'variable-empty', atValue(header.path), ...problem)
    }
  }
}

/** An address whose unknown hosts are claimed by two frontends. */
const checkClaims = (frontends: readonly Frontend[], findings: Findings): void => {
  const claims = new Map<string, Frontend>()
  for (const frontend of frontends.filter(answersUnknownHosts)) {
    for (const { address } of frontend.listeners) {
      const key = listenerKey(address)
      const other = claims.get(key) ?? frontend
      claims.set(key, other)
      if (other === frontend) continue
      // Two frontends without names are reported by each target.
      if (other.isDefault !== true && frontend.isDefault !== true) continue
      const culprit = frontend.isDefault === true ? frontend : other
      report(
        findings,
        'default-twice',
        atKey([...culprit.path, 'default']),
        `the frontends "${other.name}" and "${frontend.name}" both answer unknown hosts on ${formatAddress(address)}`,
        'keep "default: true" in one of them, and give serverNames to the other',
      )
    }
  }
}

/** Which frontend answers unknown hosts. */
export const defaultFrontends: Rule = ({ frontends }, findings) => {
  checkClaims(frontends, findings)
  for (const { isDefault, path, serverNames } of frontends) {
    if (isDefault === null || serverNames.length > 0) continue
    const why = 'a frontend without serverNames answers all hosts'
    withoutEffect(findings, [...path, 'default'], null, why)
  }
}
