import type { Cluster, Upstream } from '../../../src/core/model/cluster.ts'
import type { Target } from '../../../src/core/model/target.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { type Simulated, simulatedUpstream } from '../../../src/core/simulate/upstream/simulated.ts'

/** What a test varies of a spec with one upstream `shop`. */
export interface Varied {
  readonly affinity?: string
  readonly servers?: string
  readonly nginx?: string
  readonly haproxy?: string
  readonly sessions?: string
  readonly frontend?: string
}

const three = '{ a: "10.0.0.1:8080", b: "10.0.0.2:8080", c: "10.0.0.3:8080" }'

export const specOf = ({
  affinity = '{ method: jvm_route }',
  servers = three,
  nginx = 'version: "1.30.6"',
  haproxy = '3.2',
  sessions = '{ store: local }',
  frontend = '',
}: Varied): string => `version: 1
name: shop
targets: { nginx: { ${nginx} }, haproxy: { version: "${haproxy}" }, httpd: { version: "2.4" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }]${frontend} } }
stores: { cache: { kind: redis, addresses: ["10.0.0.9:6379"] } }
upstreams:
  shop:
    affinity: ${affinity}
    servers: ${servers}
    app: { runtime: tomcat, version: "10.1.40", sessions: ${sessions} }
`

export const clusterOf = (text: string): { cluster: Cluster; upstream: Upstream } => {
  const { cluster, diagnostics } = resolveSpec(readSpec('shop.yaml', text), {})
  const [upstream] = cluster?.upstreams ?? []
  if (cluster === null || upstream === undefined)
    throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return { cluster, upstream }
}

/** null: the dialect refuses the upstream. */
export const simulatedBy = (proxy: Target['dialect'], varied: Varied): Simulated | null => {
  const { cluster, upstream } = clusterOf(specOf(varied))
  const target = cluster.targets.find(({ dialect }) => dialect === proxy)
  if (target === undefined) throw new Error(`no target ${proxy}`)
  return simulatedUpstream(cluster, upstream, target)
}

export const accepted = (simulated: Simulated | null): Simulated => {
  if (simulated === null) throw new Error('the dialect refuses the upstream')
  return simulated
}
