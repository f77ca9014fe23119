import { Findings } from '../diagnostics/findings.ts'
import type { DialectName, Inputs } from '../dialects/dialect.ts'
import type { Version } from '../model/version.ts'
import type { Artifact } from '../render/artifact.ts'
import { render } from '../render/render.ts'
import {
  type Check,
  type CheckInput,
  isRelease,
  type OutputContext,
  type PlannedCheck,
  type Tool,
  type ToolOutput,
  type Verdict,
} from './check.ts'
import { hostNamesOfProxies, notLookedUp } from './host-names.ts'
import { placeFinder, restoreOriginals } from './originals.ts'
import { type RelocatedCluster, relocateForCheck } from './relocate-for-check.ts'

/** What has to lie in the stage for one run, and what the run leaves out. */
export interface ProxyFiles extends Check {
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
  readonly complete: (staged: readonly Artifact[]) => ProxyFiles | string
  readonly read: (answer: ToolOutput, context: OutputContext) => Verdict
}

/** Stages the artifacts of a proxy and says how to ask it; a sentence when that cannot be done. */
export const planProxy = (
  input: CheckInput,
  tool: Tool,
  proxy: ProxyCheck,
): PlannedCheck | string => {
  const { cluster, inputs, artifacts, folder } = input
  const staged = relocateForCheck(cluster, folder, proxy.listeners)
  const rendered = renderRelocated(staged, inputs, proxy.dialect)
  if (typeof rendered === 'string') return rendered
  const staging = proxy.complete(rendered)
  if (typeof staging === 'string') return staging
  const covers = artifacts.map(({ path }) => path)
  const [fallback = null] = covers
  const { product, wanted } = proxy
  const here = `${tool.product} ${tool.version}`
  const isOther = tool.product !== product || !isRelease(tool.version, wanted)
  const context: OutputContext = {
    placeOf: placeFinder(folder, rendered, artifacts),
    original: restoreOriginals([...staged.replacements, { staged: `${folder}/`, original: '' }]),
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
    read: (answer) => proxy.read(answer, context),
  }
}

/** The staged artifacts as files, when they are complete by themselves. */
export const asFiles = (staged: readonly Artifact[]): Check['files'] =>
  staged.map(({ path, bytes }) => ({ path, content: bytes }))

/** The artifacts of one dialect as they are checked; a sentence when they cannot be rendered so. */
export const renderRelocated = (
  { cluster }: RelocatedCluster,
  inputs: Inputs,
  dialect: DialectName,
): readonly Artifact[] | string => {
  const findings = new Findings()
  const artifacts = render(cluster, inputs, new Set([dialect]), findings)
  const [problem] = findings.all.filter(({ severity }) => severity === 'error')
  return problem === undefined ? artifacts : `it cannot be staged: ${problem.message}`
}
