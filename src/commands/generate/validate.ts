import type { Context } from '../../context.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import type { ReadFiles } from '../../core/outside.ts'
import type { Artifact } from '../../core/render/artifact.ts'
import type {
  ArtifactCheck,
  NotCheckable,
  PlannedCheck,
  ToolOutput,
} from '../../core/validate/check.ts'
import { maskFor, resultsOf, unchecked, withoutContent } from '../../core/validate/results.ts'
import { IoError, ToolError } from '../../errors.ts'
import type { Runner, Workplace } from '../../ports.ts'
import { plainEnv } from '../tools/programs.ts'
import type { Checker, Missing } from './validate/checker.ts'
import { haproxyChecker, httpdChecker, nginxChecker } from './validate/proxies.ts'
import { tomcatCheckers } from './validate/tomcat.ts'

/** What is about to be written, and what it was made from. */
export interface ToValidate {
  readonly cluster: Cluster
  readonly files: ReadFiles
  readonly artifacts: readonly Artifact[]
}

const startTimeoutMs = 120_000

/** The path of a unix socket ends at 107 bytes, and the stage adds a few to its folder. */
const longestFolder = 107 - '/00/l0000'.length

const isMissing = (found: Checker | Missing): found is Missing => 'what' in found
const isNotCheckable = (planned: PlannedCheck | NotCheckable): planned is NotCheckable =>
  'reason' in planned

const findCheckers = async (
  { cluster, artifacts }: ToValidate,
  context: Context,
): Promise<readonly (Checker | Missing)[]> => {
  const found: (Checker | Missing)[] = []
  for (const target of cluster.targets) {
    const own = artifacts.filter(({ dialect }) => dialect === target.dialect)
    const paths = own.map(({ path }) => path)
    if (paths.length === 0) continue
    if (target.dialect === 'nginx') found.push(await nginxChecker(target, paths, context))
    else if (target.dialect === 'haproxy') found.push(await haproxyChecker(target, paths, context))
    else found.push(await httpdChecker(target, paths, context))
  }
  const tomcat = artifacts.filter(({ dialect }) => dialect === 'tomcat')
  return [...found, ...(await tomcatCheckers(cluster, tomcat, context))]
}

const someOf = (paths: readonly string[]): string =>
  paths.length > 3
    ? `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} more`
    : paths.join(', ')

const missingError = (missing: readonly Missing[]): ToolError =>
  new ToolError(
    missing.map(({ what, paths }) => `cannot check ${someOf(paths)}: ${what}`).join('\n'),
    { help: [...new Set(missing.map(({ remedy }) => remedy))].join('; ') },
  )

const execute = async (
  checker: Checker,
  planned: PlannedCheck,
  place: Workplace,
  folder: string,
  runner: Runner,
  context: Context,
): Promise<ToolOutput> => {
  const { check, until } = planned
  const below = folder.slice(place.folder.length + 1)
  for (const { path, content } of check.files) await place.write(`${below}/${path}`, content)
  for (const path of check.folders) await place.makeFolder(`${below}/${path}`)
  const { program } = checker.tool
  const env = plainEnv(context, folder)
  const options = { cwd: folder, env, isIsolated: true, account: runner.account }
  const gone = new ToolError(`${program} was there a moment ago, and is not any more`)
  if (until === null) {
    const result = await context.exec.run(program, check.args, options)
    if (result === null) throw gone
    const output = `${result.stdout}\n${result.stderr}`
    return { exitCode: result.exitCode, isReached: false, isTimedOut: false, output }
  }
  const result = await context.exec.runUntil(program, check.args, (line) => until.test(line), {
    ...options,
    timeoutMs: startTimeoutMs,
  })
  if (result === null) throw gone
  return { exitCode: null, ...result }
}

/** Everything one tool is asked, one after the other. */
const ask = async (
  checker: Checker,
  index: number,
  subject: ToValidate,
  place: Workplace,
  runner: Runner,
  context: Context,
): Promise<readonly ArtifactCheck[]> => {
  const mask = maskFor(subject.cluster)
  const byPath = new Map(subject.artifacts.map((artifact) => [artifact.path, artifact]))
  const own = new Set(checker.paths)
  const artifacts = subject.artifacts.filter(({ path }) => own.has(path))
  const folder = `${place.folder}/${index}`
  const { cluster } = subject
  const { inputs } = subject.files
  const input = { cluster, inputs, artifacts, folder, isRoot: place.isRoot }
  await place.makeFolder(`${index}`)
  const results: ArtifactCheck[] = []
  for (const planned of checker.plan(input)) {
    if (isNotCheckable(planned)) {
      results.push(...unchecked(planned.paths, mask(planned.reason), byPath))
      continue
    }
    const answer = await execute(checker, planned, place, folder, runner, context)
    results.push(...resultsOf(planned, planned.read(answer), checker.tool, byPath, mask))
  }
  return results
}

/** What the programs of this host have to read of it. */
const filesOf = (checkers: readonly Checker[]): readonly string[] => [
  ...new Set(
    checkers.flatMap(({ tool }) => [tool.program, ...('home' in tool ? [String(tool.home)] : [])]),
  ),
]

/** All checks end before the folder is removed, also when one fails. */
const together = async <Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> => {
  const settled = await Promise.allSettled(work)
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

const inOrder = (
  { artifacts }: ToValidate,
  results: readonly ArtifactCheck[],
): readonly ArtifactCheck[] => {
  const byPath = new Map(results.map((result) => [result.path, result]))
  const all = new Map(artifacts.map((artifact) => [artifact.path, artifact]))
  return artifacts.flatMap(
    ({ path, dialect }) =>
      byPath.get(path) ?? unchecked([path], `no program checks ${dialect} files`, all),
  )
}

/**
 * Asks the real servers of this host about the artifacts, in a private folder that is gone
 * afterwards. Nothing of the running system is touched.
 * @returns one result for each artifact, in their order.
 * @throws ToolError when a server is missing, or nothing at all could be checked.
 */
export const validate = async (
  subject: ToValidate,
  context: Context,
): Promise<readonly ArtifactCheck[]> => {
  const found = await findCheckers(subject, context)
  const missing = found.filter(isMissing)
  if (missing.length > 0) throw missingError(missing)
  const checkers = found.filter((one): one is Checker => !isMissing(one))
  const runner = context.workspace.runner(filesOf(checkers), null)
  const results = await context.workspace.within(async (place) => {
    if (new TextEncoder().encode(place.folder).length > longestFolder) {
      throw new IoError(`${place.folder} is too long for the sockets of a check`, {
        help: 'set TMPDIR to a shorter folder, such as /tmp',
      })
    }
    const work = checkers.map((checker, index) =>
      ask(checker, index, subject, place, runner, context),
    )
    const noted = (check: ArtifactCheck): ArtifactCheck =>
      runner.note === null || !runner.isRoot
        ? check
        : { ...check, notes: [...check.notes, runner.note] }
    return (await together(work)).flat().map(noted)
  }, runner.account)
  const ordered = inOrder(subject, results).map((check) => withoutContent(check, subject.files))
  if (ordered.length > 0 && ordered.every(({ status }) => status === 'not-checked')) {
    const reasons = ordered.map(({ path, notes }) => `cannot check ${path}: ${notes.join('; ')}`)
    throw new ToolError([...new Set(reasons)].slice(0, 20).join('\n'), {
      help: 'leave --validate out, or check where the right servers are',
    })
  }
  return ordered
}
