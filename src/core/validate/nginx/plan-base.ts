import { baseInput } from '../../dialects/edited-files.ts'
import type { NginxTarget } from '../../model/target.ts'
import {
  type CheckInput,
  isRelease,
  type OutputContext,
  type PlannedCheck,
  type Tool,
  type ToolOutput,
  type Verdict,
} from '../check.ts'
import { withEdited } from '../edited-config.ts'
import { restoreOriginals } from '../originals.ts'
import { copyBase } from './base-copy.ts'
import { type NginxBuild, productOf } from './build.ts'
import { readNginx } from './plan.ts'

/** Files that only the real host has. */
const ofOtherHost = /No such file or directory|Permission denied|host not found/

const readBase = (answer: ToolOutput, context: OutputContext): Verdict => {
  const verdict = readNginx(answer, context)
  if (verdict.kind !== 'refused') return verdict
  const missing = verdict.findings.find(({ message }) => ofOtherHost.test(message))
  return missing === undefined
    ? verdict
    : { kind: 'not-checked', reason: `it needs files of its host: ${missing.message}` }
}

/** `nginx -t` on a copy of the existing configuration, with the edited files in their place. */
export const planNginxBase = (
  { inputs, artifacts, folder, isRoot }: CheckInput,
  target: NginxTarget & { readonly base: string },
  tool: Tool,
  build: NginxBuild,
): PlannedCheck | string => {
  const input = baseInput(inputs, target.base)
  if (input === null) return `"${target.base}" was not read`
  const { artifactOf, config } = withEdited(input, artifacts)
  const copy = copyBase(config, build, { folder, load: [], isRoot })
  if (typeof copy === 'string') return copy
  const product = productOf(target.flavor)
  const isOther = tool.product !== product || !isRelease(tool.version, target.version)
  const covers = artifacts.map(({ path }) => path)
  const needed = [...target.modules].filter((name) => !build.modules.has(name))
  const context: OutputContext = {
    placeOf: (file, line) => {
      const path = copy.paths.get(file)
      const artifact = path === undefined ? null : artifactOf(path)
      return artifact === null ? { path: null, line: null } : { path: artifact.path, line }
    },
    original: restoreOriginals([...copy.replacements, { relocated: `${folder}/`, original: '' }]),
    fallback: covers[0] ?? null,
    lacks:
      needed.length > 0
        ? `${tool.product} ${tool.version} lacks ${needed.join(', ')}`
        : isOther
          ? `${tool.product} ${tool.version} is not ${product} ${target.version.text}`
          : null,
  }
  return {
    covers,
    twins: [],
    insteadOf: isOther ? `${product} ${target.version.text}` : null,
    notes: copy.notes.map((text) => ({ path: null, text })),
    check: {
      files: copy.files,
      folders: [],
      args: [
        ...['-t', '-p', folder, '-c', `${folder}/${copy.main}`],
        ...(build.hasErrorLogFlag ? ['-e', 'stderr'] : []),
      ],
    },
    until: null,
    read: (answer) => readBase(answer, context),
  }
}
