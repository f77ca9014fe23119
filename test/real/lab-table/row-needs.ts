import { symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { usedStores } from '../../../src/core/lab/stores.ts'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { jarsNeeded } from '../../../src/core/needs/index.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { findVariant } from '../../module/support/variants.ts'
import { findJars, findServer, findTomcat, type Jars, type Missing } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'

/** The nginx with our module in it, and what a spec calls it. */
export const moduleNginx = findVariant('1.26', 'static')
export const moduleTarget = 'nginx: { version: "1.26.3", modules: [jvm_route] }'

export const clusterOf = (spec: string): Cluster => {
  const { cluster, diagnostics } = resolveSpec(readSpec('row.yaml', spec), {})
  if (cluster === null) throw new Error(JSON.stringify(diagnostics))
  return cluster
}

/**
 * No repository used here has Redisson's Tomcat modules of 4.x: the last ones of 3.x run on the
 * client of 4.7.
 */
const standsFor = (coordinates: string): string =>
  coordinates.replace(/^(org\.redisson:redisson-tomcat-\d+):4\.7\.0$/, '$1:3.52.0')

const isMissing = (one: object): one is Missing => 'missing' in one

/** What `manifest.json` says that the servers need, and nothing else, in a folder by the names it says. */
const libsFor = (cluster: Cluster): Jars | Missing | null => {
  const jars = jarsNeeded(cluster)
  if (jars.length === 0) return null
  const found = findJars(jars.map(({ coordinates }) => standsFor(coordinates)))
  if (isMissing(found)) return found
  const folder = tempDir()
  return {
    files: jars.map(({ file }, index) => {
      const path = join(folder, basename(file))
      symlinkSync(found.files[index] ?? '', path)
      return path
    }),
  }
}

/** What runs a spec with Tomcats and their stores. */
export const needsOf = (cluster: Cluster) => {
  const [target] = cluster.targets
  const isOurs = target?.dialect === 'nginx' && target.modules.has('jvm_route')
  const kinds = new Set(usedStores(cluster).map(({ kind }) => kind))
  const [app] = cluster.upstreams.map((upstream) => upstream.app)
  const [major = 0, minor = 0] = app?.runtime === 'tomcat' ? app.version.parts : []
  const jars = libsFor(cluster)
  return {
    nginx: isOurs ? moduleNginx : findServer('nginx', '1.30'),
    tomcat: findTomcat(minor === 0 && major > 8 ? `${major}` : `${major}.${minor}`),
    ...(kinds.has('redis') ? { redis: findServer('redis', '7.0') } : {}),
    ...(kinds.has('memcached') ? { memcached: findServer('memcached', '1.6') } : {}),
    ...(kinds.has('jdbc')
      ? { postgres: findServer('postgresql', '15'), initdb: findServer('initdb', '15') }
      : {}),
    ...(jars === null ? {} : { jars }),
  }
}
