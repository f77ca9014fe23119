import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import type { RedisStore } from '../../model/store.ts'
import type { Rule } from '../rule.ts'
import { report } from '../store-codes.ts'

const problemsOf = ({ mode, addresses, master, name, path }: RedisStore): readonly Diagnostic[] => {
  if (mode === 'single' && addresses.length > 1) {
    const message = `"${name}" is a single Redis with ${addresses.length} addresses`
    const help = 'write mode: sentinel or cluster, or the one address of the master'
    return [report('redis-several-addresses', atKey([...path, 'addresses']), message, help)]
  }
  if (mode !== 'sentinel') {
    const why = 'only sentinels are asked for a master by its name'
    return master === null ? [] : [withoutEffect([...path, 'master'], null, why)]
  }
  if (master !== null) return []
  const message = `the sentinels of "${name}" are not told which master is meant`
  return [report('redis-master-missing', atKey(path), message, 'write master: mymaster')]
}

export const redisAddresses: Rule = ({ stores }) =>
  stores.flatMap((store) => (store.kind === 'redis' ? problemsOf(store) : []))
