import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'

const standardPorts = { http: 80, https: 443 } as const

export interface PublicPort {
  readonly port: number
  readonly diagnostics: readonly Diagnostic[]
}

/** The one port that clients use for a scheme; the standard one where it is among several. */
export const publicPortOf = (
  { frontends, server }: Instance,
  scheme: 'http' | 'https',
): PublicPort => {
  const standard = standardPorts[scheme]
  const ports = frontends.flatMap(({ listeners }) =>
    listeners.flatMap(({ address, tls }) =>
      address.kind === 'inet' && (tls !== null) === (scheme === 'https') ? [address.port] : [],
    ),
  )
  const [first = standard] = ports
  const port = ports.includes(standard) ? standard : first
  const others = [...new Set(ports)].filter((other) => other !== port)
  if (others.length === 0) return { port, diagnostics: [] }
  const message = `absolute redirects of "${server.name}" go to ${scheme} port ${port}, not to ${others.join(' or ')}`
  return { port, diagnostics: [report('tomcat-public-ports', atKey(server.path), message, null)] }
}
