import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../model/cluster.ts'
import { isCatchAll } from '../../model/server-name.ts'
import { isHostPattern } from '../sites.ts'
import { report } from './codes.ts'
import { expressionProblem } from './expressions.ts'
import { lengthProblems } from './literals.ts'
import type { HashSize } from './views.ts'

const problemOf = (name: string): string | null => {
  if (name.startsWith('~')) {
    const expression = name.slice(1)
    if (expression === '') return 'the expression is empty'
    return expression.includes('/') ? 'names have no "/"' : expressionProblem(expression)
  }
  if (!isHostPattern(name)) return 'it is no host name that a request could ask for'
  return name.startsWith('*.') && name.endsWith('.*') ? 'it has two wildcards' : null
}

export const serverNameProblems = ({ serverNames, path }: Frontend): readonly Diagnostic[] => {
  const seen = new Set<string>()
  return serverNames.flatMap((name, index) => {
    if (isCatchAll(name)) return []
    const at = [...path, 'serverNames', index]
    const isTwice = seen.has(name.toLowerCase())
    seen.add(name.toLowerCase())
    const problem = isTwice ? 'it is there already' : problemOf(name)
    if (problem === null) return lengthProblems(name, at)
    return [
      report(
        'nginx-server-name',
        atValue(at),
        `nginx cannot serve the name "${name}": ${problem}`,
        'such as shop.example.com, *.example.com, or ~^shop\\d+\\.example\\.com$; other scripts in their xn-- form',
      ),
    ]
  })
}

/** What fits into nginx's hash of names as it comes, measured on 1.18 to 1.30. */
const longestName = 46
const mostNames = 100

/** A larger hash, where the names are too long or too many for nginx's own. */
export const serverNamesHash = (frontends: readonly Frontend[]): HashSize | null => {
  const names = frontends.flatMap(({ serverNames }) =>
    serverNames.filter((name) => !name.startsWith('~')),
  )
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0)
  if (longest <= longestName && names.length <= mostNames) return null
  return hashFor(names.length, longest)
}

/** Sizes at which nginx builds a hash of so many names without a complaint. */
export const hashFor = (count: number, longest: number): HashSize => {
  const bucketSize = 2 ** Math.ceil(Math.log2(Math.max(128, longest + 32)))
  const maxSize = 2 ** Math.ceil(Math.log2(Math.max(2048, count * 8)))
  return { bucketSize: String(bucketSize), maxSize: String(maxSize) }
}
