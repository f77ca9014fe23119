import * as z from 'zod'
import * as p from './primitives.ts'

const value = p.matching({
  most: 4000,
  pattern: /^[\x21-\x23\x25-\x7e](?:[\x20-\x23\x25-\x7e]*[\x21-\x23\x25-\x7e])?$/,
  form: 'printable ASCII without "$" (which nginx cannot escape), and without a space at either end',
})

export const responseHeaders = z.strictObject({
  set: z
    .record(p.headerName, value)
    .optional()
    .describe('headers of every response; they replace those of the application'),
  add: z
    .record(p.headerName, value)
    .optional()
    .describe('headers of every response, in addition to those of the application'),
  remove: z
    .array(p.headerName)
    .min(1)
    .optional()
    .describe('headers of the application that clients do not receive'),
})

export const hsts = z.union([
  z.literal(true),
  z.strictObject({
    maxAge: p.duration.default('365d').describe('how long browsers use HTTPS only'),
    includeSubDomains: z.boolean().default(false).describe('also for all subdomains'),
    preload: z
      .boolean()
      .default(false)
      .describe('consent to be in the preload lists of browsers, which are hard to leave'),
  }),
])
