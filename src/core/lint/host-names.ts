import type { Frontend } from '../model/cluster.ts'
import { isIpv4 } from '../model/ip.ts'

/** How many of the hosts of a server name accept a cookie of a domain. */
export type Coverage = 'all' | 'some' | 'none' | 'unknown'

const isWithin = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`)

const isAddress = (name: string): boolean => name.startsWith('[') || isIpv4(name)

/** Browsers keep a cookie with a Domain attribute where the host is that domain or below it (RFC 6265). */
export const coverageOf = (serverName: string, cookieDomain: string): Coverage => {
  const name = serverName.toLowerCase()
  const domain = cookieDomain.replace(/^\./, '').toLowerCase()
  if (name === domain) return 'all'
  // A domain without a dot is a public suffix: browsers refuse it for the hosts below.
  if (isAddress(name) || !domain.includes('.')) return 'none'
  if (name.startsWith('~') || name.endsWith('.*')) return 'unknown'
  const isWild = name.startsWith('*.') || name.startsWith('.')
  const base = name.replace(/^\*?\./, '')
  if (isWithin(base, domain)) return 'all'
  return isWild && isWithin(domain, base) ? 'some' : 'none'
}

const matchesExpression = (expression: string, name: string): boolean => {
  try {
    return new RegExp(expression.slice(1), 'i').test(name)
  } catch {
    return false
  }
}

/** Whether one request can match both names; false where that is unknown. */
const meet = (a: string, b: string): boolean => {
  if (a === b) return true
  if (a.startsWith('~')) return !/^[~*.]|\*$/.test(b) && matchesExpression(a, b)
  if (b.startsWith('~')) return meet(b, a)
  const [wild, other] = /^\*?\./.test(a) ? [a, b] : [b, a]
  if (/^\*?\./.test(wild)) {
    const suffix = wild.replace(/^\*/, '')
    return (
      other.endsWith(suffix) ||
      suffix.slice(1) === other ||
      suffix.endsWith(other.replace(/^\*/, ''))
    )
  }
  const [prefix, exact] = a.endsWith('.*') ? [a, b] : [b, a]
  return prefix.endsWith('.*') && exact.startsWith(prefix.slice(0, -1))
}

/** Whether two listeners can be reached under one host name that the spec does not contain. */
const shareAddress = (a: Frontend, b: Frontend): boolean =>
  a.listeners.some(({ address: one }) =>
    b.listeners.some(({ address: two }) => {
      if (one.kind === 'unix' || two.kind === 'unix') return false
      const isAnywhere = [one.host, two.host].some(
        (host) => host === null || host === '0.0.0.0' || host === '::',
      )
      return isAnywhere || one.host === two.host
    }),
  )

const sharePort = (a: Frontend, b: Frontend): boolean =>
  a.listeners.some(({ address: one }) =>
    b.listeners.some(
      ({ address: two }) => one.kind === 'inet' && two.kind === 'inet' && one.port === two.port,
    ),
  )

/** Whether one browser reaches both frontends under one host, whatever the ports. */
export type SharedHost = 'surely' | 'perhaps' | 'never'

export const sharedHost = (a: Frontend, b: Frontend): SharedHost => {
  if (a === b) return 'surely'
  if (a.serverNames.length > 0 && b.serverNames.length > 0) {
    const others = b.serverNames.map((name) => name.toLowerCase())
    const isShared = a.serverNames.some((name) =>
      others.some((other) => meet(name.toLowerCase(), other)),
    )
    return isShared ? 'surely' : 'never'
  }
  if (!shareAddress(a, b)) return 'never'
  // On one port, one of them serves the hosts that the other does not name.
  return sharePort(a, b) ? 'never' : 'perhaps'
}
