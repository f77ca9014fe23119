import type { Frontend } from './cluster.ts'

/** TLS can be terminated here, or at a trusted proxy in front. */
export const mayBeHttps = ({ listeners, clientAddress }: Frontend): boolean =>
  clientAddress !== null || listeners.some(({ tls }) => tls !== null)
