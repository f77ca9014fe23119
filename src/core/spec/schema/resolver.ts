import * as z from 'zod'
import { duration, serverAddress } from './primitives.ts'

/** DNS servers for names with `resolve`. */
export const resolver = z
  .strictObject({
    addresses: z
      .array(serverAddress)
      .min(1)
      .max(16)
      .describe('IP address and port of each DNS server, such as "10.0.0.2:53"'),
    valid: duration
      .optional()
      .describe('how long an answer is used; default: its TTL in nginx and Angie, 10s in HAProxy'),
  })
  .optional()
  .describe('the DNS servers that are asked for the servers with resolve: true')
