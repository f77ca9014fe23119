import * as z from 'zod'
import * as p from './primitives.ts'

/** Attributes of the session cookie; every runtime has its own names for them. */
export const appCookie = z
  .strictObject({
    name: p.cookieName.optional().describe('name of the session cookie'),
    path: p.cookiePath.optional().describe('Path attribute of the session cookie'),
    domain: p.cookieDomain.optional().describe('Domain attribute of the session cookie'),
    sameSite: p.sameSite.optional().describe('SameSite attribute of the session cookie'),
    secure: z
      .boolean()
      .optional()
      .describe('Secure attribute of the session cookie: browsers send it over HTTPS only'),
    httpOnly: z.boolean().optional().describe('HttpOnly attribute of the session cookie'),
  })
  .optional()
  .describe('name and attributes of the session cookie; default: those of the runtime')

/** For each store that keeps sessions. */
export const lifetime = {
  lifetime: p.lifetime
    .optional()
    .describe(
      'time after the last request after which a session ends; default: that of the runtime',
    ),
}
