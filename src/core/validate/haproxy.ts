import type { HaproxyTarget } from '../model/target.ts'
import {
  type CheckInput,
  type OutputContext,
  type PlannedCheck,
  type Tool,
  type ToolMessage,
  type ToolOutput,
  toolMessage,
  type Verdict,
} from './check.ts'
import { asFiles, planProxy } from './plan-proxy.ts'

/** `haproxy -c` on the artifacts. The check binds no addresses, so listeners are unchanged. */
export const planHaproxy = (
  input: CheckInput,
  target: HaproxyTarget,
  tool: Tool,
): PlannedCheck | string =>
  planProxy(input, tool, {
    dialect: 'haproxy',
    listeners: 'kept',
    product: 'HAProxy',
    wanted: target.version,
    lacks: null,
    complete: (relocated) => ({
      files: asFiles(relocated),
      folders: [],
      args: ['-c', ...relocated.flatMap(({ path }) => ['-f', `${input.folder}/${path}`])],
      notes: [],
    }),
    read: readHaproxy,
  })

/** `[ALERT] 324/063813 (5872) : text` up to 2.3, `[ALERT]    (5872) : config : text` since. */
const logLine = /^\[(ALERT|EMERG|WARNING)\]\s+(?:[\d/]+\s+)?\(\d+\)\s*: (?:config : )?(.*)$/

/** Summary lines. */
const summary = /^(?:Error\(s\) found in configuration file|Fatal errors found in configuration)/

/** `parsing [file:12]: text`, or `Proxy 'x': text` without a place. */
const placed = /^parsing \[(.*):(\d+)\] ?: (.*)$/

/** Errors of an HAProxy that is older than the release in the spec, or was built with fewer features. */
const unknownHere =
  /unknown (?:keyword|option|argument|directive|action|converter|fetch method)|unsupported|not supported|unexpected (?:keyword|argument)|built without|requires .* (?:support|version)/i

const findingOf = (line: string, context: OutputContext): ToolMessage | null => {
  const [, level, text = ''] = logLine.exec(line) ?? []
  if (level === undefined || summary.test(text)) return null
  const [, file, number, message = text] = placed.exec(text) ?? []
  return toolMessage(level === 'WARNING' ? 'warning' : 'error', message, file, number, context)
}

/** Reads the output of `haproxy -c`. */
export const readHaproxy = ({ exitCode, output }: ToolOutput, context: OutputContext): Verdict => {
  const findings = output.split('\n').flatMap((line) => findingOf(line.trimEnd(), context) ?? [])
  if (exitCode === 0) return { kind: 'accepted', findings }
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) {
    const said = context.original(output.trim())
    return {
      kind: 'not-checked',
      reason: `haproxy -c ended with ${exitCode ?? 'a signal'}: ${said}`,
    }
  }
  const [unknown] = errors.filter(({ message }) => unknownHere.test(message))
  if (
    context.lacks !== null &&
    unknown !== undefined &&
    errors.every((e) => unknownHere.test(e.message))
  ) {
    return { kind: 'not-checked', reason: `${context.lacks}: ${unknown.message}` }
  }
  return { kind: 'refused', findings, others: 'not-checked' }
}
