import type { Finding, Verdict } from '../check.ts'
import type { Answer } from '../planned.ts'
import type { Reading } from '../reading.ts'
import { lackMarker } from './modules.ts'

/** `AH00526: Syntax error on line 12 of file:`, and what is wrong on the next line. */
const syntaxError = /Syntax error on line (\d+) of (.*):$/

/** `AH00112: Warning: …` and `[time] [module:warn] [pid …] AH01146: …`. */
const warning = /^(?:AH\d+: Warning: |(?:\[[^\]]*\] )*\[[a-z_]*:warn\] (?:\[[^\]]*\] )*)(.*)$/

/** A missing document root and an unknown name of its own are about this host. */
const ofThisHost = /AH00112|AH0055[78]/

/** Said when the httpd is an older one than the artifacts are for. */
const unknownHere = /^(?:Invalid command '|.*unknown (?:\S+ )?parameter)/i

const noise =
  /^(?:Syntax OK|Action '.*' failed\.|The Apache error log may have more information\.)?$/

/** What `httpd -t` said. */
export const readHttpd = ({ exitCode, output }: Answer, reading: Reading): Verdict => {
  const lines = output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !noise.test(line) && !ofThisHost.test(line))
  const lack = lines.find((line) => line.includes(lackMarker))
  if (lack !== undefined) {
    const module = lack.slice(lack.indexOf(lackMarker) + lackMarker.length).trim()
    return { kind: 'not-checked', reason: `the httpd of this host has no ${module}` }
  }
  const findings: Finding[] = []
  const add = (severity: Finding['severity'], message: string, file?: string, line?: string) => {
    const spot = file === undefined ? null : reading.spotOf(file, Number(line))
    const path = spot?.path ?? reading.fallback
    findings.push({ severity, path, line: spot?.line ?? null, message: reading.original(message) })
  }
  let isTaken = false
  for (const [index, line] of lines.entries()) {
    if (isTaken) {
      isTaken = false
      continue
    }
    const [, number, file] = syntaxError.exec(line) ?? []
    const [, text] = warning.exec(line) ?? []
    if (file !== undefined) {
      isTaken = true
      add('error', lines[index + 1] ?? line, file, number)
    } else if (text !== undefined) add('warning', text)
    else if (exitCode !== 0) add('error', line)
  }
  if (exitCode === 0) return { kind: 'accepted', findings }
  const [error] = findings.filter(({ severity }) => severity === 'error')
  if (error === undefined) {
    return { kind: 'not-checked', reason: `httpd -t ended with ${exitCode ?? 'a signal'}` }
  }
  if (reading.lacks !== null && unknownHere.test(error.message)) {
    return { kind: 'not-checked', reason: `${reading.lacks}: ${error.message}` }
  }
  return { kind: 'refused', findings, others: 'not-checked' }
}
