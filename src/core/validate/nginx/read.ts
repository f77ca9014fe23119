import type { Finding, Verdict } from '../check.ts'
import type { Answer } from '../planned.ts'
import type { Reading } from '../reading.ts'

/** `nginx: [emerg] text` while it has no log yet, else `date [emerg] pid#tid: text`. */
const logLine = /\[(emerg|alert|crit|error|warn)\] (?:\d+#\d+: )?(.*)$/

/** What is about this host and this user, and not about the artifacts. */
const ofThisHost = [/could not open error log file/, /^the "user" directive makes sense only/]

/** Said when the nginx is an older or a smaller one than the artifacts are for. */
const unknownHere =
  /^(?:unknown directive "|(?:invalid|unknown) parameter "|invalid number of arguments in "|unknown "[^"]*" variable|the "[^"]*" (?:parameter|directive) requires |module "[^"]*" is not binary compatible|dlopen\(\) )/

const findingOf = (line: string, reading: Reading): Finding | null => {
  const [, level, text = ''] = logLine.exec(line) ?? []
  if (level === undefined || ofThisHost.some((pattern) => pattern.test(text))) return null
  const [, message = text, file, number] = /^(.*) in (\/.*):(\d+)$/.exec(text) ?? []
  const spot = file === undefined ? null : reading.spotOf(file, Number(number))
  return {
    severity: level === 'warn' ? 'warning' : 'error',
    path: spot?.path ?? reading.fallback,
    line: spot?.line ?? null,
    message: reading.original(message),
  }
}

/** What `nginx -t` said. */
export const readNginx = ({ exitCode, output }: Answer, reading: Reading): Verdict => {
  const findings = output.split('\n').flatMap((line) => findingOf(line.trimEnd(), reading) ?? [])
  if (exitCode === 0) return { kind: 'accepted', findings }
  const [error] = findings.filter(({ severity }) => severity === 'error')
  if (error === undefined) {
    const said = reading.original(output.trim())
    return { kind: 'not-checked', reason: `nginx -t ended with ${exitCode ?? 'a signal'}: ${said}` }
  }
  if (reading.lacks !== null && unknownHere.test(error.message)) {
    return { kind: 'not-checked', reason: `${reading.lacks}: ${error.message}` }
  }
  return { kind: 'refused', findings, others: 'not-checked' }
}
