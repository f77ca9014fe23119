import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

export interface Site {
  readonly file: string
  readonly cluster: Cluster
}

const folder = fileURLToPath(new URL('../../../fixtures/sites/', import.meta.url))

/** The specs of fixtures/sites/. */
export const sites: readonly Site[] = readdirSync(folder)
  .sort()
  .flatMap((file) => {
    const { cluster } = resolveSpec(readSpec(file, readFileSync(join(folder, file))), {})
    return cluster === null ? [] : [{ file, cluster }]
  })

/** Those for one kind of proxy. */
export const sitesFor = (dialect: string): readonly Site[] =>
  sites.filter(({ cluster }) => cluster.targets.some((target) => target.dialect === dialect))
