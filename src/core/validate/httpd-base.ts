import { pathBelow } from '../config/glob.ts'
import { readHttpdFiles } from '../config/httpd/files.ts'
import { baseInput } from '../dialects/edited-files.ts'
import type { HttpdTarget } from '../model/target.ts'
import {
  type CheckInput,
  isRelease,
  type OutputContext,
  type PlannedCheck,
  type Tool,
  type ToolOutput,
  type Verdict,
} from './check.ts'
import { withEdited } from './edited-config.ts'
import { httpdPlaces, readHttpd } from './httpd.ts'
import { copyHttpd, modulesOf } from './httpd-base-copy.ts'
import { isLoadable, loadModulesOf } from './httpd-modules.ts'
import { restoreOriginals } from './originals.ts'

/** Files and users that only the real host has. */
const ofOtherHost =
  /No such file or directory|does not exist|Permission denied|bad (?:user|group) name|[Cc]ould not resolve|not a (?:valid )?directory/

/** Variables of the environment: AH00111. */
const isNoise = (line: string): boolean => /\bAH00111: Config variable /.test(line)

const readBase = ({ output, ...answer }: ToolOutput, context: OutputContext): Verdict => {
  const lines = output.split('\n')
  const usesEnvironment = lines.some(isNoise)
  const shown = lines.filter((line) => !isNoise(line)).join('\n')
  const verdict = readHttpd({ ...answer, output: shown }, context)
  if (verdict.kind !== 'refused') return verdict
  const missing = verdict.findings.find(({ message }) => ofOtherHost.test(message))
  if (missing !== undefined)
    return { kind: 'not-checked', reason: `it needs files of its host: ${missing.message}` }
  return usesEnvironment
    ? { kind: 'not-checked', reason: 'it uses environment variables of its host' }
    : verdict
}

/** What a check cannot know about the modules of the host; null: nothing. */
const modulesUnknown = (modules: readonly string[] | null): string | null => {
  if (modules === null) return 'the files do not say which modules the server loads'
  const left = modules.filter((name) => !isLoadable(name))
  return left.length === 0 ? null : `the check does not load ${left.join(', ')}`
}

/**
 * `httpd -t` on a copy of the existing configuration, with the edited files in their place. The check
 * binds no addresses.
 * @param modulesFolder SESSCTL_HTTPD_MODULES; null: only the usual folders.
 */
export const planHttpdBase = (
  { artifacts, folder, inputs }: CheckInput,
  target: HttpdTarget & { readonly base: string },
  tool: Tool,
  modulesFolder: string | null,
): PlannedCheck | string => {
  const input = baseInput(inputs, target.base)
  if (input === null) return `"${target.base}" was not read`
  const { artifactOf, config } = withEdited(input, artifacts)
  const files = readHttpdFiles(pathBelow('', config.main), config.files)
  const copy = copyHttpd(files, folder)
  if (typeof copy === 'string') return copy
  const isOther = !isRelease(tool.version, target.version)
  const covers = artifacts.map(({ path }) => path)
  const modules = modulesOf(files)
  const context: OutputContext = {
    placeOf: (file, line) => {
      const path = copy.paths.get(file)
      const artifact = path === undefined ? null : artifactOf(path)
      return artifact === null ? { path: null, line: null } : { path: artifact.path, line }
    },
    original: restoreOriginals([...copy.replacements, { relocated: `${folder}/`, original: '' }]),
    fallback: covers[0] ?? null,
    lacks: isOther
      ? `${tool.product} ${tool.version} is not httpd ${target.version.text}`
      : modulesUnknown(modules),
  }
  const content = [
    ...loadModulesOf(modulesFolder, modules),
    ...httpdPlaces(folder),
    `Include "${copy.main}"`,
    '',
  ].join('\n')
  return {
    covers,
    twins: [],
    insteadOf: isOther ? `httpd ${target.version.text}` : null,
    notes: copy.notes.map((text) => ({ path: null, text })),
    check: {
      files: [...copy.files, { path: 'httpd.conf', content }],
      folders: [],
      args: ['-t', '-f', `${folder}/httpd.conf`],
    },
    until: null,
    read: (answer) => readBase(answer, context),
  }
}
