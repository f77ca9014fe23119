import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { allocatePorts } from '../../../src/core/lab/environment.ts'
import { moveToLab } from '../../../src/core/lab/move-to-lab.ts'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

const spec = fileURLToPath(
  new URL('../../../fixtures/cases/snippets/sessctl.yaml', import.meta.url),
)

const environment = () => ({
  folder: '/lab',
  host: '127.9.9.9',
  ports: allocatePorts(20_000),
  isRoot: false,
  protectsStores: false,
  password: 'lab-password',
  key: '0123456789abcdef0123456789abcdef',
})

const snippetsIn = ({ snippets, frontends, upstreams }: Cluster): readonly unknown[] => [
  ...snippets,
  ...frontends.flatMap((frontend) => [
    ...frontend.snippets,
    ...frontend.locations.flatMap((location) => location.snippets),
  ]),
  ...upstreams.flatMap((upstream) => upstream.snippets),
]

test('no snippet of a spec is run in the lab', () => {
  const { cluster } = resolveSpec(readSpec('sessctl.yaml', readFileSync(spec)), {})
  if (cluster === null) throw new Error('the spec has errors')
  expect(snippetsIn(cluster).length).toBeGreaterThan(5)
  for (const target of cluster.targets) {
    const moved = moveToLab(cluster, target, environment(), new Map())
    expect(snippetsIn(moved.cluster)).toEqual([])
  }
})
