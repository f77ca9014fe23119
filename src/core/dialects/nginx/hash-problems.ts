import { atValue, type Diagnostic, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { atLeast } from '../../model/version.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { lengthProblems } from './literals.ts'
import { variableProblems } from './variables.ts'

interface Key {
  readonly text: string
  readonly path: SpecPath
}

const keysOf = ({ affinity, balance, path }: Upstream): readonly Key[] => [
  ...(affinity.method === 'hash' ? [{ text: affinity.key, path: [...affinity.path, 'key'] }] : []),
  ...(balance.kind === 'hash' ? [{ text: balance.key, path: [...path, 'balance', 'hash'] }] : []),
]

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
    ...emptyProblems(key, features),
  ])
