import * as z from 'zod'
import { nginxVersion, version } from './primitives.ts'

const nginx = z.strictObject({
  version: nginxVersion.describe(
    'the nginx release to write for, such as "1.26.3" or "R31" of NGINX Plus, or "installed" to ask the nginx on this host',
  ),
  flavor: z
    .enum(['nginx', 'nginx-plus', 'angie', 'tengine', 'openresty'])
    .default('nginx')
    .describe("which descendant of nginx; its version is then that product's own"),
  modules: z
    .array(z.enum(['jvm_route', 'sticky-ng', 'session_sticky', 'upstream_check', 'vts']))
    .default([])
    .describe('third-party modules that are built in or loadable'),
  loadModules: z
    .boolean()
    .default(false)
    .describe(
      'writes load_module for the modules: into nginx.conf when standalone, else into a file of its own',
    ),
  standalone: z.boolean().default(false).describe('also write a complete nginx.conf'),
  unpatched: z
    .boolean()
    .default(false)
    .describe(
      'the jvm_route module without the core patch: `srun_id ID ADDRESS;` instead of `srun_id=`',
    ),
})

export const targets = z
  .strictObject({
    nginx: nginx.optional().describe('nginx or one of its descendants'),
    haproxy: z
      .strictObject({ version: version.describe('the HAProxy release, in quotes: "2.6"') })
      .optional()
      .describe('HAProxy 2.2 or later'),
    httpd: z
      .strictObject({ version: version.describe('the httpd release, in quotes: "2.4"') })
      .optional()
      .describe('Apache httpd with mod_proxy_balancer'),
  })
  .describe('what to write for; several at once are normal')
