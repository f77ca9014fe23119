import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect } from 'vitest'
import type { Cluster } from '../../src/core/model/cluster.ts'
import { parseVersion } from '../../src/core/model/version.ts'
import type { Artifact } from '../../src/core/render/artifact.ts'
import { renderCluster } from '../support/compile.ts'
import { checkApache } from './support/apache.ts'
import { type Certificate, makeCertificate, placeCertificate } from './support/certificate.ts'
import { checkHaproxy } from './support/haproxy.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { checkNginx } from './support/nginx.ts'
import { forStockNginx, tlsFilesIn } from './support/nginx-retarget.ts'
import { retarget } from './support/proxy-retarget.ts'
import { findServer, withServers } from './support/servers.ts'
import { sitesFor } from './support/sites.ts'
import { tempDir } from './support/temp-dir.ts'

let made: Certificate = { certificate: '', key: '' }
beforeAll(async () => {
  made = await makeCertificate()
})

type Proxy = 'nginx' | 'haproxy' | 'httpd'

/** The artifacts of one proxy. @param refused codes of what a release cannot do. */
const rendered = (
  cluster: Cluster,
  proxy: Proxy,
  file: string,
  refused: readonly string[] = [],
): readonly Artifact[] => {
  const { artifacts, diagnostics } = renderCluster(cluster, new Set([proxy]))
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const others = errors.filter(({ code }) => !refused.includes(code))
  expect(
    others.map(({ message }) => message),
    file,
  ).toEqual([])
  return artifacts
}

/** Attributes of the affinity cookie, such as Secure, need nginx 1.19.3. */
const refusedBy: Readonly<Record<string, readonly string[]>> = {
  '1.18': ['nginx-cookie-attribute'],
}

/** The cluster for one release of HAProxy or httpd, with its certificates in place. */
const placed = (cluster: Cluster, dialect: 'haproxy' | 'httpd', version: string): Cluster => {
  const target = cluster.targets.find((one) => one.dialect === dialect)
  if (target === undefined) throw new Error(`the site has no target ${dialect}`)
  const local = retarget(cluster, { ...target, version: parseVersion(version) }, tempDir())
  for (const tls of local.tls) placeCertificate(made, tls)
  for (const root of local.roots) mkdirSync(root, { recursive: true })
  return local.cluster
}

const accepted = { exitCode: 0, warnings: [] }

describe('the sites are loaded without a warning', () => {
  for (const version of ['1.18', '1.22', '1.26', '1.30'])
    withServers({ nginx: findServer('nginx', version) }, `nginx ${version}`, async ({ nginx }) => {
      let loaded = 0
      for (const { cluster, file } of sitesFor('nginx')) {
        const dir = tempDir()
        const tls = tlsFilesIn(dir)
        placeCertificate(made, tls)
        const local = forStockNginx(cluster, nginx.version, dir, tls)
        const [artifact] = rendered(local, 'nginx', file, refusedBy[version])
        if (artifact === undefined) continue
        loaded++
        expect(await checkNginx(nginx, { http: artifact?.text ?? '' }), file).toMatchObject(
          accepted,
        )
      }
      expect(loaded).toBe(version === '1.18' ? 7 : 13)
    })

  for (const version of ['2.2', '2.6', '3.0', '3.2'])
    withServers(
      { haproxy: findServer('haproxy', version) },
      `HAProxy ${version}`,
      async ({ haproxy }) => {
        for (const { cluster, file } of sitesFor('haproxy')) {
          const local = placed(cluster, 'haproxy', haproxy.version)
          const [artifact] = rendered(local, 'haproxy', file)
          expect(await checkHaproxy(haproxy, artifact?.text ?? ''), file).toMatchObject(accepted)
        }
      },
    )

  withServers({ httpd: findServer('apache2', '2.4') }, 'httpd 2.4', async ({ httpd }) => {
    for (const { cluster, file } of sitesFor('httpd')) {
      const local = placed(cluster, 'httpd', httpd.version)
      const { modules, text } = httpdConfig(rendered(local, 'httpd', file))
      expect(await checkApache(httpd, text, modules), file).toMatchObject(accepted)
    }
  })
})
