import type { Finding, Verdict } from '../check.ts'
import type { Answer } from '../planned.ts'
import type { Reading } from '../reading.ts'

/** `[ALERT] 324/063813 (5872) : text` up to 2.3, `[ALERT]    (5872) : config : text` since. */
const logLine = /^\[(ALERT|EMERG|WARNING)\]\s+(?:[\d/]+\s+)?\(\d+\)\s*: (?:config : )?(.*)$/

/** Lines that only sum up. */
const summary = /^(?:Error\(s\) found in configuration file|Fatal errors found in configuration)/

/** `parsing [file:12]: text`, or `Proxy 'x': text` without a place. */
const placed = /^parsing \[(.*):(\d+)\] ?: (.*)$/

/** Said when the HAProxy is an older one than the artifacts are for, or was built with less. */
const unknownHere =
  /unknown (?:keyword|option|argument|directive|action|converter|fetch method)|unsupported|not supported|unexpected (?:keyword|argument)|built without|requires .* (?:support|version)/i

const findingOf = (line: string, reading: Reading): Finding | null => {
  const [, level, text = ''] = logLine.exec(line) ?? []
  if (level === undefined || summary.test(text)) return null
  const [, file, number, message = text] = placed.exec(text) ?? []
  const spot = file === undefined ? null : reading.spotOf(file, Number(number))
  return {
    severity: level === 'WARNING' ? 'warning' : 'error',
    path: spot?.path ?? reading.fallback,
    line: spot?.line ?? null,
    message: reading.original(message),
  }
}

/** What `haproxy -c` said. */
export const readHaproxy = ({ exitCode, output }: Answer, reading: Reading): Verdict => {
  const findings = output.split('\n').flatMap((line) => findingOf(line.trimEnd(), reading) ?? [])
  if (exitCode === 0) return { kind: 'accepted', findings }
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) {
    const said = reading.original(output.trim())
    return {
      kind: 'not-checked',
      reason: `haproxy -c ended with ${exitCode ?? 'a signal'}: ${said}`,
    }
  }
  const [unknown] = errors.filter(({ message }) => unknownHere.test(message))
  if (
    reading.lacks !== null &&
    unknown !== undefined &&
    errors.every((e) => unknownHere.test(e.message))
  ) {
    return { kind: 'not-checked', reason: `${reading.lacks}: ${unknown.message}` }
  }
  return { kind: 'refused', findings, others: 'not-checked' }
}
