import type { Base } from '../dialects/nginx/base/open.ts'
import { cookieAttributes } from './affinity.ts'
import type { Values } from './draft.ts'

/** One of the two variables is empty: the id from the client, or the id that is being set. */
const userid = '$uid_got$uid_set'

/** The affinity by a cookie of `userid`; null: the hash has another key, or no cookie is set. */
export const useridOf = (base: Base, affinity: unknown): Values | null => {
  const isHash =
    typeof affinity === 'object' &&
    affinity !== null &&
    'key' in affinity &&
    affinity.key === userid
  if (!isHash) return null
  const argsOf = (name: string): readonly string[] =>
    base.statements.find(({ directive }) => directive.name === name)?.directive.args ?? []
  const [cookie] = argsOf('userid_name')
  if (cookie === undefined) return null
  const attributes = ['path', 'domain', 'expires'].flatMap((name) => {
    const [value] = argsOf(`userid_${name}`)
    return value === undefined || value === 'none' || value === 'off' ? [] : [`${name}=${value}`]
  })
  return {
    method: 'sticky',
    by: 'cookie',
    cookie,
    ...cookieAttributes([...attributes, ...argsOf('userid_flags')]),
    via: 'maps',
  }
}
