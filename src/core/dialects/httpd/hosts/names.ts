import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { isCatchAll } from '../../../model/server-name.ts'
import { answersUnknownHosts } from '../../../model/tls.ts'
import { isHostPattern, notAHost } from '../../sites.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

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
    if (isHostPattern(name) || isCatchAll(name)) continue
    const isExpression = name.startsWith('~')
    report(
      findings,
      'httpd-server-name',
      atValue([...path, 'serverNames', index]),
      isExpression
        ? `httpd does not support regular expressions as host names ("${name}")`
        : notAHost(name),
      isExpression
        ? 'write wildcards, such as *.example.com or www.example.*'
        : 'write a name such as shop.example.com or *.example.com',
    )
  }
}

/**
 * The order of the virtual hosts on one address. httpd uses the first one for unknown host names, so
 * the frontend without names is first. It tries the names of one virtual host after the other, so exact
 * names are before wildcards.
 */
export const inHostOrder = (frontends: readonly Frontend[]): readonly Frontend[] => {
  const isFirst = answersUnknownHosts
  const others = frontends.filter((frontend) => !isFirst(frontend))
  const isLast = (frontend: Frontend): boolean => namesOf(frontend).some(isWild)
  return [
    ...frontends.filter(isFirst),
    ...others.filter((frontend) => !isLast(frontend)),
    ...others.filter(isLast),
  ]
}

/** A name, and every name with `*` that covers it. */
const coveringNames = (name: string): readonly string[] => [
  name,
  ...[...name.matchAll(/\./g)].flatMap(({ index }) => [
    `*${name.slice(index)}`,
    `${name.slice(0, index + 1)}*`,
  ]),
]

/** The name of a frontend that serves every host name. */
const everyName = ''

const ownNames = (frontend: Frontend): readonly string[] =>
  frontend.serverNames.length === 0 ? [everyName] : namesOf(frontend)

/** Reports names that an earlier virtual host matches, whatever the order. */
export const checkHostOrder = (frontends: readonly Frontend[], { findings }: Context): void => {
  const ordered = inHostOrder(frontends)
  /** The first host with each name, by its place in the order. */
  const owners = new Map<string, number>()
  for (const [index, frontend] of ordered.entries()) {
    const taken = new Map<number, string>()
    for (const name of ownNames(frontend)) {
      const takers = coveringNames(name).flatMap((each) => owners.get(each) ?? [])
      const taker = Math.min(...takers)
      if (takers.length > 0 && !taken.has(taker)) taken.set(taker, name)
    }
    for (const name of ownNames(frontend)) if (!owners.has(name)) owners.set(name, index)
    for (const [taker, name] of [...taken].sort(([a], [b]) => a - b)) {
      const isTwice = name === everyName
      const earlier = ordered[taker]?.name
      report(
        findings,
        'httpd-server-name-order',
        atValue([...frontend.path, ...(isTwice ? [] : ['serverNames'])]),
        isTwice
          ? `the frontends "${earlier}" and "${frontend.name}" both serve every host name`
          : `httpd would send requests for "${name}" to the frontend "${earlier}", which it tries before "${frontend.name}" and which has a matching name`,
        'use names that do not overlap, or different addresses',
      )
    }
  }
}
