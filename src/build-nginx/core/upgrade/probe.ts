import type { Address } from '../install/host-config.ts'

/** One GET that tells whether nginx serves. */
export interface Probe {
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly port: number
  /** What `Host` says. */
  readonly host: string
  readonly path: string
  /** The status that is right; null: 2xx and 3xx. */
  readonly status: number | null
}

/** @returns null for what is no http address. */
export const parseProbe = (text: string): Probe | null => {
  if (!URL.canParse(text)) return null
  const { protocol, hostname, host, port, pathname, search } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') return null
  const scheme = protocol === 'http:' ? 'http' : 'https'
  return {
    scheme,
    address: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (scheme === 'http' ? 80 : 443) : Number(port),
    host,
    path: `${pathname}${search}`,
    status: null,
  }
}

export const probeOf = ({ scheme, address, port }: Address): Probe => ({
  scheme,
  address,
  port,
  host: `${address.includes(':') ? `[${address}]` : address}:${port}`,
  path: '/',
  status: null,
})

export const isRight = (probe: Probe, status: number): boolean =>
  probe.status === null ? status >= 200 && status < 400 : status === probe.status

export const probeText = ({ scheme, host, path }: Probe): string => `${scheme}://${host}${path}`
