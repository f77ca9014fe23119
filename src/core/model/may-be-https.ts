import type { Frontend } from './cluster.ts'

/** HTTPS may end here, or at a proxy in front that is trusted to say so. */
export const mayBeHttps = ({ listeners, clientAddress }: Frontend): boolean =>
  clientAddress !== null || listeners.some(({ tls }) => tls !== null)
