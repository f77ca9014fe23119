import { describe, expect } from 'vitest'
import { hasErrors } from '../../src/core/diagnostics/diagnostic.ts'
import { readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { renderCluster } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'
import { randomSpec } from './random-specs.ts'
import { makeCertificate, placeCertificate } from './support/certificate.ts'
import { checkNginx } from './support/nginx.ts'
import { forStockNginx, tlsFilesIn } from './support/nginx-retarget.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const nginxOnly = new Set(['nginx'] as const)
const specs = fc.sample(randomSpec, { numRuns: 250 })

/** All on the oldest and the newest release, a half on each of those between. */
const releases = [
  ['1.18', specs],
  ['1.22', specs.slice(0, 125)],
  ['1.26', specs.slice(125)],
  ['1.30', specs],
] as const

describe.each(releases)('nginx %s', (version, specs) => {
  const needs = { nginx: findServer('nginx', version) }

  withServers(needs, 'loads every accepted configuration without a warning', async ({ nginx }) => {
    const dir = tempDir()
    const tls = tlsFilesIn(dir)
    placeCertificate(await makeCertificate(), tls)
    const complaints: unknown[] = []
    let loaded = 0
    for (const spec of specs) {
      const { cluster, diagnostics } = resolveSpec(readSpec('random', JSON.stringify(spec)), {})
      if (cluster === null || hasErrors(diagnostics)) continue
      const local = forStockNginx(cluster, nginx.version, dir, tls)
      const http = renderCluster(local, nginxOnly).artifacts[0]?.text
      if (http === undefined) continue
      const check = await checkNginx(nginx, { http })
      if (check.exitCode === 0 && check.warnings.length === 0) loaded++
      else complaints.push({ spec, check })
    }
    expect(complaints).toEqual([])
    expect(loaded).toBeGreaterThan(specs.length / 5)
  })
})
