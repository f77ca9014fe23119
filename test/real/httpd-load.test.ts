import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect } from 'vitest'
import { parseVersion } from '../../src/core/model/version.ts'
import { renderCluster } from '../support/compile.ts'
import { checkApache } from './support/apache.ts'
import { type Certificate, makeCertificate, placeCertificate } from './support/certificate.ts'
import { allClusters } from './support/clusters.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { retarget } from './support/proxy-retarget.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const httpdOnly = new Set(['httpd'] as const)

let made: Certificate = { certificate: '', key: '' }
beforeAll(async () => {
  made = await makeCertificate()
})

/**
 * What httpd cannot say, by the codes that say so; every other spec must load without a warning,
 * whatever target it was written for.
 */
const refusals: Readonly<Record<string, readonly string[]>> = {
  'httpd-affinity': [
    'specs/haproxy-source.yaml',
    'specs/ip-hash.yaml',
    'specs/url-hash.yaml',
    'haproxy-client-address-2-2',
    'haproxy-client-address-3-2',
    'haproxy-hash',
    'haproxy-hash-of-several-parts',
    'haproxy-hash-old',
    'haproxy-ip-hash',
    'haproxy-sticky-learn',
    'haproxy-upstreams',
    'nginx-hash',
    'nginx-ip-hash-behind-squid',
    'nginx-jvm-route-module-unpatched',
    'nginx-standalone-stock',
    'nginx-sticky-learn-angie',
    'nginx-sticky-learn-native',
    'names-that-resolve',
  ],
  'httpd-resolve-route': ['names-that-resolve'],
  'httpd-cookie-mode': ['haproxy-sticky-cookie-rewrite', 'nginx-sticky-cookie-tengine-prefix'],
  'httpd-jvm-route-begin': [
    'haproxy-jvm-route-resin',
    'nginx-jvm-route-maps-resin',
    'nginx-jvm-route-module-resin',
    'nginx-jvm-route-native-resin',
  ],
  'httpd-listener': ['haproxy-hosts', 'nginx-frontends'],
  'httpd-route-variable': ['haproxy-sticky-route', 'nginx-sticky-route-maps'],
  'httpd-server-name': ['haproxy-hosts', 'nginx-frontends'],
  'httpd-upstream-name': ['nginx-long-names'],
}

const codesFor = (file: string): readonly string[] =>
  Object.keys(refusals).filter((code) =>
    refusals[code]?.some((name) => file === name || file === `${name}/sessctl.yaml`),
  )

/** httpd reads the secrets of AJP from its environment. */
const env = { AJP_SECRET: 'secret' }

describe('Apache httpd 2.4 loads the generated configuration', () => {
  const needs = { httpd: findServer('apache2', '2.4') }

  for (const { file, cluster } of allClusters()) {
    withServers(needs, file, async ({ httpd }) => {
      const dir = tempDir()
      const target = {
        dialect: 'httpd',
        base: null,
        version: parseVersion(httpd.version),
        path: ['targets', 'httpd'],
      } as const
      const local = retarget(cluster, target, dir)
      const { artifacts, diagnostics } = renderCluster(local.cluster, httpdOnly)
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      expect([...new Set(errors.map(({ code }) => code))].sort()).toEqual(codesFor(file))
      if (errors.length > 0) return
      for (const tls of local.tls) placeCertificate(made, tls)
      for (const root of local.roots) if (root.startsWith('/')) mkdirSync(root, { recursive: true })
      const { text, modules } = httpdConfig(artifacts)
      expect(await checkApache(httpd, text, modules, env)).toMatchObject({
        exitCode: 0,
        warnings: [],
      })
    })
  }
})
