import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { report } from '../codes.ts'
import type { HaproxyTarget, StatsLogin } from '../target.ts'
import { resolveAddress } from './addresses.ts'
import { resolveResolver } from './resolver.ts'
import { resolveSecret } from './stores.ts'

type SpecHaproxy = NonNullable<Spec['targets']['haproxy']>

const path = ['targets', 'haproxy']

const resolveLogin = (written: SpecHaproxy['stats'], findings: Findings): StatsLogin | null => {
  if (written === undefined) return null
  const { user, password, hash } = written
  const at = [...path, 'stats']
  if ((password === undefined) === (hash === undefined)) {
    report(
      findings,
      'stats-login',
      atKey(at),
      password === undefined
        ? 'the login of status pages has no password'
        : 'the login of status pages has a password and a hash',
      'write either hash: "$6$SALT$HASH" or password: { env: NAME }',
    )
  }
  return {
    user,
    password: resolveSecret(password, [...at, 'password'], findings),
    hash: hash ?? null,
    path: at,
  }
}

/** The fields of the target besides its version. */
export const resolveHaproxy = (
  written: SpecHaproxy,
  findings: Findings,
): Pick<
  HaproxyTarget,
  'base' | 'maxConnections' | 'peers' | 'localPeer' | 'stats' | 'resolver'
> => {
  const peers = Object.entries(written.peers ?? {}).map(([name, address]) => ({
    name,
    address: resolveAddress(address, [...path, 'peers', name], findings),
  }))
  const { localPeer } = written
  const names = peers.map(({ name }) => name)
  if (localPeer !== undefined && !names.includes(localPeer)) {
    const help = names.length === 0 ? 'add it to peers' : didYouMean(localPeer, names)
    const at = atValue([...path, 'localPeer'])
    report(findings, 'name-dangling', at, `there is no peer "${localPeer}"`, help)
  }
  const [only] = names
  return {
    base: written.base ?? null,
    maxConnections: written.maxConnections ?? null,
    peers,
    localPeer: localPeer ?? (names.length === 1 && only !== undefined ? only : null),
    stats: resolveLogin(written.stats, findings),
    resolver: resolveResolver(written.resolver, [...path, 'resolver'], findings),
  }
}
