import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Frontend, Match } from '../cluster.ts'
import { type Issues, report } from './issues.ts'

/** Only blanks stand between operator and path: any other white space is a part of the path. */
export const resolveMatch = (text: string): Match => {
  const [, modifier, pattern = ''] = /^(=|\^~|~\*|~)? *(.*)$/s.exec(text) ?? []
  return { kind: (modifier as Match['kind'] | undefined) ?? 'prefix', pattern }
}

/** Locations of the same match in one frontend: nginx refuses them, others let the first win. */
export const checkMatches = (frontend: Frontend, issues: Issues): void => {
  const seen = new Set<string>()
  for (const { match, path } of frontend.locations) {
    const key = `${match.kind} ${match.pattern}`
    if (match.pattern === '') {
      issues.push(
        report(
          'location-invalid',
          atKey([...path, 'match']),
          'a location needs a path or an expression',
          'such as "/" or "~ \\.jsp$"',
        ),
      )
    } else if (seen.has(key)) {
      issues.push(
        report(
          'location-invalid',
          atKey([...path, 'match']),
          `two locations match "${match.pattern}" in the same way`,
          'remove one of them',
        ),
      )
    }
    seen.add(key)
  }
}
