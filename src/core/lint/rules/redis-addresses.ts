import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { RedisStore } from '../../model/store.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'

const problemsOf = ({ mode, addresses, master, name, path }: RedisStore): readonly Diagnostic[] => {
  if (mode === 'single' && addresses.length > 1) {
    const message = `"${name}" is a single Redis with ${addresses.length} addresses`
    const help = 'write mode: sentinel or cluster, or the one address of the master'
    return [report('redis-several-addresses', atKey([...path, 'addresses']), message, help)]
  }
  if (mode !== 'sentinel' || master !== null) return []
  const message = `the sentinels of "${name}" have no master to watch: its name is missing`
  return [report('redis-master-missing', atKey(path), message, 'write master: mymaster')]
}

export const redisAddresses: ListingRule = ({ stores }) =>
  stores.flatMap((store) => (store.kind === 'redis' ? problemsOf(store) : []))
