import * as z from 'zod'
import * as p from './primitives.ts'

export const protocol = z
  .enum(['http', 'https', 'fastcgi', 'uwsgi', 'ajp'])
  .default('http')
  .describe('protocol that the servers speak')

export type Protocol = z.output<typeof protocol>

/** For `protocol: https`. */
export const serverTls = z
  .strictObject({
    verify: z
      .boolean()
      .default(true)
      .describe('refuse a server without a certificate of the authorities for its name'),
    ca: p.filePath
      .optional()
      .describe('PEM file with the certificates of the authorities, required with verify'),
    serverName: p.serverName
      .optional()
      .describe(
        'name that is requested and expected in the certificate; default: the host of all addresses',
      ),
    certificate: p.filePath
      .optional()
      .describe('PEM file with the client certificate and its private key'),
  })
  .optional()
  .describe('how the servers are verified, with protocol: https')
