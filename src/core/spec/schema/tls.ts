import * as z from 'zod'
import * as p from './primitives.ts'

/** A certificate of one listener. */
export const listenerTls = z.strictObject({
  certificate: p.filePath.describe('PEM file with the certificate chain'),
  key: p.filePath.describe('PEM file with the private key'),
})

/** For all HTTPS listeners of a frontend. */
export const tlsSettings = z.strictObject({
  minVersion: z
    .enum(['TLSv1.2', 'TLSv1.3'])
    .optional()
    .describe('the oldest TLS version that clients can use. Default: TLSv1.2'),
  ciphers: z
    .array(p.cipher)
    .min(1)
    .optional()
    .describe(
      'cipher suites of TLS 1.2, by their names in OpenSSL. Default: the intermediate list of Mozilla',
    ),
  sessionCache: p.size
    .optional()
    .describe('size of the cache of TLS sessions that all workers share, such as 10m'),
  sessionTimeout: p.wholeSeconds
    .optional()
    .describe('how long a client can resume its TLS session. Default: 5m'),
  recordSize: z
    .number()
    .int()
    .min(256)
    .max(16_384)
    .optional()
    .describe(
      'the most bytes of an answer in one TLS record: small ones reach a browser sooner, large ones cost less. Default: that of the target, up to 16384',
    ),
  ocspStapling: z
    .boolean()
    .optional()
    .describe('send the status of the certificate, which the proxy requests from its issuer'),
  clientCertificate: z
    .strictObject({
      verify: z
        .enum(['required', 'optional'])
        .describe('whether requests without a client certificate are refused'),
      ca: p.filePath.describe('PEM file with the certificates of the issuers'),
    })
    .optional()
    .describe(
      'ask clients for a certificate, and pass its data on in X-Client-Verify, X-Client-Subject, X-Client-Issuer and X-Client-Serial',
    ),
})
