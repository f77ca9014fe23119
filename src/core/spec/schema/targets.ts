import * as z from 'zod'
import {
  matching,
  nginxVersion,
  readPath,
  routeName,
  secret,
  serverAddress,
  version,
} from './primitives.ts'
import { resolver } from './resolver.ts'

const nginx = z.strictObject({
  version: nginxVersion.describe(
    'the nginx release, such as "1.26.3" or "R31" of NGINX Plus, or "installed" for the version of nginx on this host',
  ),
  flavor: z
    .enum(['nginx', 'nginx-plus', 'angie', 'tengine', 'openresty'])
    .default('nginx')
    .describe('the product; "version" is the version of this product'),
  modules: z
    .array(z.enum(['jvm_route', 'sticky-ng', 'session_sticky', 'upstream_check', 'vts']))
    .default([])
    .describe('third-party modules that are compiled in or can be loaded'),
  loadModules: z
    .boolean()
    .default(false)
    .describe(
      'write load_module directives for the modules: into nginx.conf with standalone, otherwise into a separate file',
    ),
  base: readPath
    .optional()
    .describe(
      'an existing nginx.conf, or a file that it includes in http: the upstream blocks in it are edited in place, and no other file is written',
    ),
  standalone: z.boolean().default(false).describe('also write a complete nginx.conf'),
  unpatched: z
    .boolean()
    .default(false)
    .describe(
      'nginx is built without the patch of the jvm_route module: write `srun_id ID ADDRESS;` instead of `srun_id=`',
    ),
  resolver,
})

export type NginxFlavor = z.output<typeof nginx>['flavor']
export type NginxModule = z.output<typeof nginx>['modules'][number]

const haproxy = z.strictObject({
  version: version.describe('the HAProxy release, in quotes: "2.6"'),
  base: readPath
    .optional()
    .describe(
      'an existing haproxy.cfg, to which the files of conf.d next to it belong: the backends of the upstreams in them are edited in place, and no other file is written',
    ),
  maxConnections: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe(
      'connections of clients to this process (maxconn); default: from the limit of open files',
    ),
  peers: z
    .record(routeName, serverAddress)
    .optional()
    .describe(
      'the HAProxy processes that share learned sessions, by name; one alone keeps them over a reload',
    ),
  resolver,
  localPeer: routeName
    .optional()
    .describe('the peer that this configuration is for; default: the only one, or the option -L'),
  stats: z
    .strictObject({
      user: routeName.describe('name of the user'),
      password: secret.optional().describe('{ env: NAME }'),
      hash: matching({
        most: 256,
        pattern: /^\$[156y2ab]{1,2}\$[A-Za-z0-9./$=,-]+$/,
        form: 'a hash of crypt(3), such as $6$SALT$HASH',
      })
        .optional()
        .describe('the hash of the password, such as from: mkpasswd -m sha-512'),
    })
    .optional()
    .describe('the login of status pages'),
})

export const targets = z
  .strictObject({
    nginx: nginx.optional().describe('nginx or a product based on nginx'),
    haproxy: haproxy.optional().describe('HAProxy 2.2 or later'),
    httpd: z
      .strictObject({
        version: version.describe('the httpd release, in quotes: "2.4"'),
        base: readPath
          .optional()
          .describe(
            'an existing httpd.conf, or a file that it includes: the balancers in it are edited in place, and no other file is written',
          ),
      })
      .optional()
      .describe('Apache httpd with mod_proxy_balancer'),
  })
  .describe('the proxies that configuration is generated for; one or several')
