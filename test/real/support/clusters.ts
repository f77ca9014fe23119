import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { allSpecs } from '../../support/views.ts'

/** The clusters of all examples and golden cases, whatever they are written for. */
export const allClusters = (): readonly { readonly file: string; readonly cluster: Cluster }[] =>
  allSpecs().flatMap(({ folder, file }) => {
    const { cluster } = resolveSpec(readSpec(file, readFileSync(join(folder, file))), {})
    return cluster ? [{ file: `${basename(folder)}/${file}`, cluster }] : []
  })
