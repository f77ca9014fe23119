import type { Frontend } from '../model/cluster.ts'

/** Whether requests over plain HTTP can reach the frontend, so that some are redirected. */
export const redirectsToHttps = ({ clientAddress, listeners, toHttps }: Frontend): boolean =>
  toHttps !== null && (clientAddress !== null || listeners.some(({ tls }) => tls === null))

/** `:8443`; empty for the usual port. */
export const httpsPortText = ({ toHttps }: Frontend): string =>
  toHttps === null || toHttps.port === 443 ? '' : `:${toHttps.port}`
