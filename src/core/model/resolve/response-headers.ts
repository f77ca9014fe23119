import { atKey, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { report } from '../codes.ts'
import { durationMs } from '../duration.ts'
import type { ResponseHeader, ResponseHeaders } from '../http-settings.ts'
import { byName } from '../order.ts'

type SpecFrontend = Spec['frontends'][string]

/** Headers that describe the message or the connection, or that the affinity needs. */
const ownHeaders = new Set([
  ...['connection', 'content-encoding', 'content-length', 'content-range', 'content-type', 'date'],
  ...['keep-alive', 'location', 'set-cookie', 'trailer', 'transfer-encoding', 'upgrade'],
])

const check = (name: string, at: SpecPath, findings: Findings): void => {
  if (!ownHeaders.has(name.toLowerCase())) return
  report(
    findings,
    'response-header-own',
    atKey(at),
    `"${name}" is set by the application and the proxy for each response`,
    'remove it',
  )
}

/** Names of headers are not case-sensitive: which of two values is sent would depend on the proxy. */
const checkTwice = (names: readonly string[], path: SpecPath, findings: Findings): void => {
  const seen = new Set<string>()
  for (const name of names.map((each) => each.toLowerCase())) {
    if (seen.has(name))
      report(
        findings,
        'response-header-own',
        atKey(path),
        `"${name}" is named twice`,
        'keep one of them',
      )
    seen.add(name)
  }
}

export const resolveResponseHeaders = (
  written: SpecFrontend['responseHeaders'],
  path: SpecPath,
  findings: Findings,
): ResponseHeaders | null => {
  if (written === undefined) return null
  const listOf = (key: 'set' | 'add'): readonly ResponseHeader[] =>
    Object.entries(written[key] ?? {})
      .map(([name, value]) => {
        check(name, [...path, key, name], findings)
        return { name, value }
      })
      .sort(byName)
  const { remove = [] } = written
  for (const [index, name] of remove.entries()) check(name, [...path, 'remove', index], findings)
  const [set, add] = [listOf('set'), listOf('add')]
  checkTwice([...[...set, ...add].map(({ name }) => name), ...remove], path, findings)
  return { set, add, remove }
}

export const resolveHsts = ({ hsts }: SpecFrontend): string | null => {
  if (hsts === undefined) return null
  const { maxAge, includeSubDomains, preload } =
    hsts === true ? { maxAge: '365d', includeSubDomains: false, preload: false } : hsts
  return [
    `max-age=${Math.floor(durationMs(maxAge) / 1000)}`,
    ...(includeSubDomains ? ['includeSubDomains'] : []),
    ...(preload ? ['preload'] : []),
  ].join('; ')
}
