import { atValue, type Diagnostic, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { App } from '../../model/app.ts'
import type { Upstream } from '../../model/cluster.ts'
import { atLeast } from '../../model/version.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { lengthProblems } from './literals.ts'
import { variableProblems } from './variables.ts'

interface Key {
  readonly text: string
  readonly path: SpecPath
  /** The affinity, not only a way to spread load. */
  readonly isAffinity: boolean
}

const keysOf = ({ affinity, balance, path }: Upstream): readonly Key[] => [
  ...(affinity.method === 'hash'
    ? [{ text: affinity.key, path: [...affinity.path, 'key'], isAffinity: true }]
    : []),
  ...(balance.kind === 'hash'
    ? [{ text: balance.key, path: [...path, 'balance', 'hash'], isAffinity: false }]
    : []),
]

/** Session cookies as servers name them; a key that the client brings along itself is another matter. */
const sessionCookie = /\$\{?cookie_(\w*sess\w*)/i

/** The other servers do not have the session that one of them began. Of Tomcat a rule for every proxy says it. */
const hasLocalSessions = (app: App): boolean => {
  if (app.runtime === 'none') return true
  return app.runtime !== 'tomcat' && ['files', 'file'].includes(app.sessions.store)
}

const cookieProblems = ({ text, path, isAffinity }: Key, { app }: Upstream): Diagnostic[] => {
  const cookie = sessionCookie.exec(text)?.[1]
  if (cookie === undefined || !isAffinity || !hasLocalSessions(app)) return []
  return [
    report(
      'nginx-hash-cookie',
      atValue(path),
      `hashing the session cookie is no affinity: the first request has no "${cookie}", and the id it gets hashes to any server`,
      'use jvm_route or sticky; or share the sessions between the servers',
    ),
  ]
}

/** A key of nothing but these can be empty, for which releases before 1.17.1 have one fixed server. */
const maybeEmpty = /^(?:\$\{?(?:arg|cookie|http)_\w+\}?)+$/i

const emptyProblems = ({ text, path }: Key, features: Features): Diagnostic[] =>
  atLeast(features.core, '1.17.1') || !maybeEmpty.test(text)
    ? []
    : [
        report(
          'nginx-hash-empty',
          atValue(path),
          `where "${text}" is empty, ${features.label} sends every request to one and the same server`,
          'nginx 1.17.1 balances those; or add something that is never empty, such as $remote_addr',
        ),
      ]

/** What can be wrong with the key of a hash, be it for affinity or for balancing. */
export const hashProblems = (
  upstream: Upstream,
  features: Features,
  isWhole: boolean,
): readonly Diagnostic[] =>
  keysOf(upstream).flatMap((key) => [
    ...variableProblems(key.text, key.path, isWhole),
    ...lengthProblems(key.text, key.path),
    ...cookieProblems(key, upstream),
    ...emptyProblems(key, features),
  ])
