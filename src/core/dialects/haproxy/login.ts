import { atValue } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'
import { userlistName } from './names.ts'

/** A `userlist` with one user; one of the last three is not null. */
export interface LoginView {
  readonly list: string
  readonly user: string
  readonly hash: string | null
  /** An environment variable. */
  readonly variable: string | null
  readonly literal: string | null
}

/** The login of status pages; null: none. */
export const loginOf = ({ cluster, target, findings }: Context): LoginView | null => {
  const { stats } = target
  if (stats === null) return null
  const { password, hash, path, user } = stats
  const hasStatus = cluster.frontends.some(({ locations }) =>
    locations.some(({ action }) => action.kind === 'status'),
  )
  if (!hasStatus) {
    withoutEffect(findings, path, 'HAProxy', 'no location has a status page')
    return null
  }
  if (password?.kind === 'file') {
    report(
      findings,
      'haproxy-secret',
      atValue([...path, 'password']),
      'HAProxy cannot read a password from a file',
      'write { env: NAME }, or hash: with the hash of the password',
    )
  }
  return {
    list: userlistName,
    user,
    hash,
    variable: password?.kind === 'env' ? password.name : null,
    literal: password?.kind === 'literal' ? password.value : null,
  }
}
