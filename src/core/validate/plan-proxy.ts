import { Findings } from '../diagnostics/findings.ts'
import type { DialectName, Inputs } from '../dialects/dialect.ts'
import type { Target } from '../model/target.ts'
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
import { hostNamesOfProxies, notResolved } from './host-names.ts'
import { placeFinder, restoreOriginals } from './originals.ts'
import { type RelocatedCluster, relocateForCheck } from './relocate-for-check.ts'
import { canCheckSnippets } from './snippets.ts'

/** The check touches no file of the host and asks no name server. */
const snippetsLeftOut = 'the snippets were left out: they name files or addresses of the host'

/** The files of one run, and what the run leaves out. */
export interface ProxyFiles extends Check {
  readonly notes: readonly string[]
}

/** How one proxy is checked. */
export interface ProxyCheck {
  readonly dialect: Target['dialect']
  readonly listeners: 'sockets' | 'kept'
  /** The product of the target in the spec: `nginx`, `HAProxy`. */
  readonly product: string
  readonly wanted: Version
  /** Such as `nginx 1.22.1 lacks the module jvm_route`; null: nothing is missing. */
  readonly lacks: string | null
  /** Makes a complete configuration of the artifacts; a sentence when that cannot be done. */
  readonly complete: (relocated: readonly Artifact[]) => ProxyFiles | string
  readonly read: (answer: ToolOutput, context: OutputContext) => Verdict
}

/** Renders the artifacts of a proxy for the temporary folder and plans their check; a sentence when that cannot be done. */
export const planProxy = (
  input: CheckInput,
  tool: Tool,
  proxy: ProxyCheck,
): PlannedCheck | string => {
  const { cluster, inputs, artifacts, folder } = input
  const relocated = relocateForCheck(cluster, folder, proxy.listeners)
  const rendered = renderRelocated(relocated, inputs, proxy.dialect)
  if (typeof rendered === 'string') return rendered
  const files = proxy.complete(rendered)
  if (typeof files === 'string') return files
  const covers = artifacts.map(({ path }) => path)
  const [fallback = null] = covers
  const { product, wanted } = proxy
  const here = `${tool.product} ${tool.version}`
  const isOther = tool.product !== product || !isRelease(tool.version, wanted)
  const context: OutputContext = {
    placeOf: placeFinder(folder, rendered, artifacts),
    original: restoreOriginals([
      ...relocated.replacements,
      { relocated: `${folder}/`, original: '' },
    ]),
    fallback,
    lacks: proxy.lacks ?? (isOther ? `${here} is not ${product} ${wanted.text}` : null),
  }
  return {
    covers,
    twins: [],
    insteadOf: isOther ? `${product} ${wanted.text}` : null,
    notes: [
      ...files.notes,
      ...notResolved(hostNamesOfProxies(cluster)),
      ...(canCheckSnippets(cluster, proxy.dialect) ? [] : [snippetsLeftOut]),
    ].map((text) => ({
      path: null,
      text,
    })),
    check: {
      ...files,
      files: [...relocated.files, ...files.files],
      folders: [...relocated.folders, ...files.folders],
    },
    until: null,
    read: (answer) => proxy.read(answer, context),
  }
}

/** The artifacts as files. */
export const asFiles = (relocated: readonly Artifact[]): Check['files'] =>
  relocated.map(({ path, bytes }) => ({ path, content: bytes }))

/** The artifacts of one dialect of the relocated cluster; a sentence when they cannot be rendered. */
export const renderRelocated = (
  { cluster }: RelocatedCluster,
  inputs: Inputs,
  dialect: DialectName,
): readonly Artifact[] | string => {
  const findings = new Findings()
  const artifacts = render(cluster, inputs, new Set([dialect]), findings)
  const [problem] = findings.all.filter(({ severity }) => severity === 'error')
  return problem === undefined ? artifacts : `it cannot be rendered for a check: ${problem.message}`
}
