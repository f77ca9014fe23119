import type { NginxTarget } from '../../model/target.ts'
import {
  type CheckInput,
  type OutputContext,
  type PlannedCheck,
  type Tool,
  type ToolMessage,
  type ToolOutput,
  toolMessage,
  type Verdict,
} from '../check.ts'
import { planProxy } from '../plan-proxy.ts'
import { moduleFiles, type NginxBuild, productOf } from './build.ts'
import { wrapNginx } from './wrap.ts'

/** The paths of the modules that are wanted and not built in. */
export const loadablePaths = (target: NginxTarget, build: NginxBuild): readonly string[] =>
  build.modulesPath === null
    ? []
    : [...target.modules]
        .filter((name) => !build.modules.has(name))
        .map((name) => `${build.modulesPath}/${moduleFiles[name]}`)

const lackOf = (
  { modules }: NginxTarget,
  build: NginxBuild,
  load: readonly string[],
): string | null => {
  const isLoaded = (file: string): boolean => load.some((path) => path.endsWith(`/${file}`))
  const missing = [...modules].filter(
    (name) => !build.modules.has(name) && !isLoaded(moduleFiles[name]),
  )
  if (missing.length === 0) return null
  const words = missing.length === 1 ? 'the module' : 'the modules'
  return `${build.product} ${build.version} lacks ${words} ${missing.join(', ')}`
}

/**
 * `nginx -t` on the artifacts within a complete nginx.conf.
 * @param load absolute paths of the modules to load.
 */
export const planNginx = (
  input: CheckInput,
  target: NginxTarget,
  tool: Tool,
  build: NginxBuild,
  load: readonly string[],
): PlannedCheck | string => {
  const { folder, isRoot } = input
  return planProxy(input, tool, {
    dialect: 'nginx',
    listeners: 'sockets',
    product: productOf(target.flavor),
    wanted: target.version,
    lacks: lackOf(target, build, load),
    complete: (relocated) => {
      const wrapped = wrapNginx(build, { folder, load, isRoot }, relocated)
      if (typeof wrapped === 'string') return wrapped
      return {
        files: wrapped.files,
        folders: [],
        args: [
          ...['-t', '-p', folder, '-c', `${folder}/${wrapped.main}`],
          ...(build.hasErrorLogFlag ? ['-e', 'stderr'] : []),
        ],
        notes: wrapped.unloaded.map(
          (file) => `load_module was left out: ${file} is not on this host`,
        ),
      }
    },
    read: readNginx,
  })
}

/** `nginx: [emerg] text` while it has no log yet, else `date [emerg] pid#tid: text`. */
const logLine = /\[(emerg|alert|crit|error|warn)\] (?:\d+#\d+: )?(.*)$/

/** Messages about this host and user, not about the artifacts. */
const ofThisHost = [/could not open error log file/, /^the "user" directive makes sense only/]

/** Errors of an nginx that is older than the release in the spec, or lacks modules. */
const unknownHere =
  /^(?:unknown directive "|(?:invalid|unknown) parameter "|invalid number of arguments in "|unknown "[^"]*" variable|the "[^"]*" (?:parameter|directive) requires |module "[^"]*" is not binary compatible|dlopen\(\) )/

const findingOf = (line: string, context: OutputContext): ToolMessage | null => {
  const [, level, text = ''] = logLine.exec(line) ?? []
  if (level === undefined || ofThisHost.some((pattern) => pattern.test(text))) return null
  const [, message = text, file, number] = /^(.*) in (\/.*):(\d+)$/.exec(text) ?? []
  return toolMessage(level === 'warn' ? 'warning' : 'error', message, file, number, context)
}

/** Reads the output of `nginx -t`. */
export const readNginx = ({ exitCode, output }: ToolOutput, context: OutputContext): Verdict => {
  const findings = output.split('\n').flatMap((line) => findingOf(line.trimEnd(), context) ?? [])
  if (exitCode === 0) return { kind: 'accepted', findings }
  const [error] = findings.filter(({ severity }) => severity === 'error')
  if (error === undefined) {
    const said = context.original(output.trim())
    return { kind: 'not-checked', reason: `nginx -t ended with ${exitCode ?? 'a signal'}: ${said}` }
  }
  if (context.lacks !== null && unknownHere.test(error.message)) {
    return { kind: 'not-checked', reason: `${context.lacks}: ${error.message}` }
  }
  return { kind: 'refused', findings, others: 'not-checked' }
}
