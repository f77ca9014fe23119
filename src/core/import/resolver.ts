import type { NginxStatement } from '../config/nginx/files.ts'
import type { Base } from '../dialects/nginx/base/open.ts'
import { durationOf } from './affinity.ts'
import type { Values } from './draft.ts'

/** nginx asks port 53 where none is written. */
const withPort = (address: string): string => {
  if (address.startsWith('[')) return address.endsWith(']') ? `${address}:53` : address
  return /:\d+$/.test(address) ? address : `${address}:53`
}

/** The `resolver` of an upstream block, else that of the http level; null: there is none. */
export const resolverIn = (base: Base, children: readonly NginxStatement[]): Values | null => {
  const found =
    children.find(({ directive }) => directive.name === 'resolver') ??
    base.statements.find((one) => one.directive.name === 'resolver' && base.isInHttp(one))
  if (found === undefined) return null
  const { args } = found.directive
  const addresses = args.filter((arg) => !/^[a-z_0-9]+=/.test(arg)).map(withPort)
  const valid = args.find((arg) => arg.startsWith('valid='))?.slice('valid='.length)
  const time = valid === undefined ? null : durationOf(valid)
  return addresses.length === 0 ? null : { addresses, ...(time === null ? {} : { valid: time }) }
}
