import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

const hostName = /^(?:\*\.|\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:\.\*)?$|^\[[0-9A-Fa-f:.]+\]$/

/** Names as ServerName and ServerAlias take them: `.example.com` is two. */
export const namesOf = ({ serverNames }: Frontend): readonly string[] => [
  ...new Set(
    serverNames.flatMap((name) => {
      const lower = name.toLowerCase()
      return lower.startsWith('.') ? [lower.slice(1), `*${lower}`] : [lower]
    }),
  ),
]

const isWild = (name: string): boolean => name.includes('*')

export const checkServerNames = ({ serverNames, path }: Frontend, { findings }: Context): void => {
  for (const [index, name] of serverNames.entries()) {
    if (hostName.test(name)) continue
    const isExpression = name.startsWith('~')
    findings.push(
      report(
        'httpd-server-name',
        atValue([...path, 'serverNames', index]),
        isExpression
          ? `httpd does not know host names by expression ("${name}")`
          : `"${name}" is no host name that a request could ask for`,
        isExpression
          ? 'ServerAlias knows `*`, such as *.example.com or www.example.*'
          : 'such as shop.example.com or *.example.com',
      ),
    )
  }
}

const covers = (wild: string, name: string): boolean =>
  wild.startsWith('*') ? name.endsWith(wild.slice(1)) : name.startsWith(wild.slice(0, -1))

/** Who answers for all other hosts: the frontend without names, else the first, as in nginx. */
const defaultOf = (frontends: readonly Frontend[]): Frontend | undefined =>
  frontends.find(({ serverNames }) => serverNames.length === 0) ?? frontends[0]

/**
 * The order of the hosts on one address: httpd takes the first for what nobody has, and tries the
 * names of one host after the other, so that exact ones have to come before wildcards.
 */
export const inHostOrder = (frontends: readonly Frontend[]): readonly Frontend[] => {
  const first = defaultOf(frontends)
  const rank = (frontend: Frontend): number => {
    if (frontend === first) return 0
    return namesOf(frontend).some(isWild) ? 2 : 1
  }
  return [...frontends].sort((a, b) => rank(a) - rank(b))
}

/** What the order cannot mend: a name that an earlier host takes away. */
export const checkHostOrder = (frontends: readonly Frontend[], { findings }: Context): void => {
  const ordered = inHostOrder(frontends)
  for (const [index, frontend] of ordered.entries()) {
    const names = namesOf(frontend)
    for (const earlier of ordered.slice(0, index)) {
      const taken = names.find((name) =>
        namesOf(earlier).some((other) => name === other || (isWild(other) && covers(other, name))),
      )
      const isTwice = names.length === 0 && earlier.serverNames.length === 0
      if (taken === undefined && !isTwice) continue
      findings.push(
        report(
          'httpd-server-name-order',
          atValue([...frontend.path, ...(isTwice ? [] : ['serverNames'])]),
          isTwice
            ? `the frontends "${earlier.name}" and "${frontend.name}" both answer for every host name`
            : `httpd would give "${taken}" to the frontend "${earlier.name}", which stands before "${frontend.name}" and has a name for it`,
          'give them names that do not overlap, or other addresses',
        ),
      )
    }
  }
}
