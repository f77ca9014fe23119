import type { DialectName } from '../dialects/dialect.ts'
import type { Version } from '../model/version.ts'
import type { Artifact } from '../render/artifact.ts'
import type { Check, Tool, Verdict } from './check.ts'
import { hostNamesOfProxies, notLookedUp } from './host-names.ts'
import type { Job } from './job.ts'
import { spotFinder } from './places.ts'
import type { Answer, Planned } from './planned.ts'
import type { Reading } from './reading.ts'
import { isRelease } from './release.ts'
import { renderStaged } from './render-staged.ts'
import { stageCluster } from './stage-cluster.ts'
import { originalsIn } from './stand-ins.ts'

/** What has to lie in the stage for one run, and what the run leaves out. */
export interface Staging extends Check {
  readonly notes: readonly string[]
}

/** How one proxy is asked. */
export interface ProxyCheck {
  readonly dialect: DialectName
  readonly listeners: 'sockets' | 'kept'
  /** As the spec's target is called: `nginx`, `HAProxy`. */
  readonly product: string
  readonly wanted: Version
  /** What the tool lacks beside its release, such as `nginx 1.22.1 lacks the module jvm_route`. */
  readonly lacks: string | null
  /** A complete configuration around the staged artifacts; a sentence when there can be none. */
  readonly complete: (staged: readonly Artifact[]) => Staging | string
  readonly read: (answer: Answer, reading: Reading) => Verdict
}

/** Stages the artifacts of a proxy and says how to ask it; a sentence when that cannot be done. */
export const planProxy = (job: Job, tool: Tool, proxy: ProxyCheck): Planned | string => {
  const { cluster, inputs, artifacts, folder } = job
  const staged = stageCluster(cluster, folder, proxy.listeners)
  const rendered = renderStaged(staged, inputs, proxy.dialect)
  if (typeof rendered === 'string') return rendered
  const staging = proxy.complete(rendered)
  if (typeof staging === 'string') return staging
  const covers = artifacts.map(({ path }) => path)
  const [fallback = null] = covers
  const { product, wanted } = proxy
  const here = `${tool.product} ${tool.version}`
  const isOther = tool.product !== product || !isRelease(tool.version, wanted)
  const reading: Reading = {
    spotOf: spotFinder(folder, rendered, artifacts),
    original: originalsIn([...staged.standIns, { staged: `${folder}/`, original: '' }]),
    fallback,
    lacks: proxy.lacks ?? (isOther ? `${here} is not ${product} ${wanted.text}` : null),
  }
  return {
    covers,
    twins: [],
    insteadOf: isOther ? `${product} ${wanted.text}` : null,
    notes: [...staging.notes, ...notLookedUp(hostNamesOfProxies(cluster))].map((text) => ({
      path: null,
      text,
    })),
    check: {
      ...staging,
      files: [...staged.files, ...staging.files],
      folders: [...staged.folders, ...staging.folders],
    },
    until: null,
    read: (answer) => proxy.read(answer, reading),
  }
}

/** The staged artifacts as files, when they are complete by themselves. */
export const asFiles = (staged: readonly Artifact[]): Check['files'] =>
  staged.map(({ path, bytes }) => ({ path, content: bytes }))
