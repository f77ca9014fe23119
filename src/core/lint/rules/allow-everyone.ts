import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Location } from '../../model/cluster.ts'
import { wholeFamilies } from '../../model/coverage.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

const check = ({ action, allow, path }: Location): readonly Diagnostic[] => {
  const isStatus = action.kind === 'status'
  const isAll = allow.includes('all')
  // For anything but a status, `all` says what is meant.
  if (isAll && !isStatus) return []
  const who = isAll ? 'every address' : wholeFamilies(allow).join(' and ')
  if (who === '') return []
  return [
    report(
      'allow-everyone',
      atValue([...path, 'allow']),
      isStatus
        ? `"allow" covers ${who}: anyone who reaches this frontend sees the status page`
        : `"allow" covers ${who}: it restricts nobody there`,
      isStatus
        ? 'name the networks of your operators, or remove "allow": the page is then for this host only'
        : 'name the networks that may ask, or remove "allow"',
    ),
  ]
}

/** `allow` with networks that leave no address out, also in parts such as 0.0.0.0/1 and 128.0.0.0/1. */
export const allowEveryone: ListingRule = (cluster) =>
  cluster.frontends.flatMap(({ locations }) => locations.flatMap(check))
