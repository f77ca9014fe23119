import { beforeAll, describe, expect } from 'vitest'
import { parseVersion } from '../../src/core/model/version.ts'
import { renderCluster } from '../support/compile.ts'
import { type Certificate, makeCertificate, placeCertificate } from './support/certificate.ts'
import { allClusters } from './support/clusters.ts'
import { checkHaproxy } from './support/haproxy.ts'
import { retarget } from './support/proxy-retarget.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const versions = ['2.2', '2.6', '3.0', '3.2']
const haproxyOnly = new Set(['haproxy'] as const)

let made: Certificate = { certificate: '', key: '' }
beforeAll(async () => {
  made = await makeCertificate()
})

/**
 * What HAProxy cannot say, by the codes that say so; every other spec must load without a warning,
 * whatever target it was written for.
 */
const refused: readonly (readonly [
  file: string,
  versions: readonly string[],
  codes: readonly string[],
])[] = [
  ['specs/reference.yaml', ['2.2'], ['haproxy-certificate-key']],
  ['access/sessctl.yaml', versions, ['haproxy-basic-auth']],
  ['files/sessctl.yaml', versions, ['haproxy-files']],
  ['app-cookies/sessctl.yaml', ['2.2'], ['haproxy-certificate-key']],
  ['httpd-protocols/sessctl.yaml', versions, ['haproxy-protocol']],
  ['nginx-protocols/sessctl.yaml', versions, ['haproxy-protocol']],
  ['haproxy-tls-2-6/sessctl.yaml', ['2.2'], ['haproxy-certificate-key']],
  ['haproxy-tls-3-0/sessctl.yaml', ['2.2', '2.6'], ['haproxy-certificate-key']],
  ['haproxy-hash-of-several-parts/sessctl.yaml', ['2.2'], ['haproxy-hash-key']],
  ['nginx-hash/sessctl.yaml', ['2.2'], ['haproxy-hash-key']],
  ['httpd-locations/sessctl.yaml', versions, ['haproxy-files']],
  ['httpd-tls/sessctl.yaml', ['2.2'], ['haproxy-certificate-key']],
  ['nginx-frontends/sessctl.yaml', ['2.2'], ['haproxy-files', 'haproxy-certificate-key']],
  ['nginx-frontends/sessctl.yaml', ['2.6', '3.0', '3.2'], ['haproxy-files']],
]

describe.each(versions)('HAProxy %s loads the generated configuration', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  for (const { file, cluster } of allClusters()) {
    withServers(needs, file, async ({ haproxy }) => {
      const dir = tempDir()
      const target = {
        dialect: 'haproxy',
        base: null,
        maxConnections: null,
        peers: [],
        localPeer: null,
        stats: null,
        resolver: null,
        version: parseVersion(haproxy.version),
        path: ['targets', 'haproxy'],
      } as const
      const local = retarget(cluster, target, dir)
      const { artifacts, diagnostics } = renderCluster(local.cluster, haproxyOnly)
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      const refusal = refused.find(([name, olds]) => name === file && olds.includes(version))
      expect([...new Set(errors.map(({ code }) => code))]).toEqual(refusal?.[2] ?? [])
      if (errors.length > 0) return
      for (const tls of local.tls) placeCertificate(made, tls)
      const check = await checkHaproxy(haproxy, artifacts[0]?.text ?? '')
      expect(check).toMatchObject({ exitCode: 0, warnings: [] })
    })
  }
})
