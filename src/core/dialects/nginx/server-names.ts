import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Frontend } from '../../model/cluster.ts'
import { isCatchAll } from '../../model/server-name.ts'
import { expressionError } from '../regular-expressions.ts'
import { isHostPattern, notAHost } from '../sites.ts'
import { report } from './codes.ts'
import { socketOf } from './listeners.ts'
import { checkLength } from './quote.ts'
import { expressionProblem } from './variables.ts'

const problemIn = (expression: string): string | null => {
  if (expression === '') return 'it is empty'
  return expression.includes('/') ? 'host names contain no "/"' : expressionProblem(expression)
}

const problemOf = (name: string): string | null => {
  if (name.startsWith('~')) return expressionError('nginx', name, problemIn(name.slice(1)))
  if (!isHostPattern(name)) return notAHost(name)
  return name.startsWith('*.') && name.endsWith('.*') ? `"${name}" has two wildcards` : null
}

export const checkServerNames = ({ serverNames, path }: Frontend, findings: Findings): void => {
  const seen = new Set<string>()
  for (const [index, name] of serverNames.entries()) {
    if (isCatchAll(name)) continue
    const at = [...path, 'serverNames', index]
    const problem = seen.has(name.toLowerCase()) ? `"${name}" is listed twice` : problemOf(name)
    seen.add(name.toLowerCase())
    if (problem === null) {
      checkLength(name, at, findings)
      continue
    }
    report(
      findings,
      'nginx-server-name',
      atValue(at),
      problem,
      'write a name such as shop.example.com, *.example.com or ~^shop\\d+\\.example\\.com$; write non-ASCII names in their xn-- form',
    )
  }
}

/** `.example.com` matches two kinds of names. */
const namesOf = ({ serverNames }: Frontend): readonly string[] =>
  serverNames.length === 0
    ? ['']
    : serverNames.flatMap((name) => {
        const lower = name.toLowerCase()
        return lower.startsWith('.') ? [lower.slice(1), `*${lower}`] : [lower]
      })

/** Of two server blocks with the same name on the same socket, nginx uses the first and logs a warning. */
export const checkNameConflicts = (frontends: readonly Frontend[], findings: Findings): void => {
  const owners = new Map<string, Frontend>()
  for (const frontend of frontends) {
    const names = namesOf(frontend)
    for (const listener of frontend.listeners) {
      const socket = socketOf(listener)
      for (const name of names) {
        const key = `${socket} ${name}`
        const owner = owners.get(key) ?? frontend
        owners.set(key, owner)
        if (owner === frontend) continue
        report(
          findings,
          'nginx-server-name-conflict',
          atValue(listener.path),
          `the frontends "${owner.name}" and "${frontend.name}" both serve ${name === '' ? 'all host names' : `"${name}"`} on ${socket}: nginx ignores the second`,
          'give them different serverNames or addresses',
        )
      }
    }
  }
}
