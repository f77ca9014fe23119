import { expect, test } from 'vitest'
import { fromNetworks } from '../../../src/core/dialects/haproxy/frontends/networks.ts'
import { wholeFamilies } from '../../../src/core/model/coverage.ts'

test.each([
  [['0.0.0.0/0'], ['0.0.0.0/0']],
  [['::/0', '10.0.0.0/8'], ['::/0']],
  [['0.0.0.0/1', '128.0.0.0/1'], ['0.0.0.0/0']],
  [['128.0.0.0/2', '192.0.0.0/2', '0.0.0.0/2', '64.0.0.0/2'], ['0.0.0.0/0']],
  [
    ['::/1', '8000::/1', '0.0.0.0/0'],
    ['0.0.0.0/0', '::/0'],
  ],
  [['0.0.0.0/1', '128.0.0.0/2'], []],
  [['::/1', 'c000::/2'], []],
  [['10.0.0.1', '::1'], []],
  [[], []],
])('%j cover %j', (networks, families) => {
  expect(wholeFamilies(networks)).toEqual(families)
})

test.each([
  [['127.0.0.1'], ['2002:7f00:1::/48', '::7f00:1/128']],
  [['10.0.0.0/8'], ['2002:a00::/24', '::a00:0/104']],
  // A network that the list has in IPv6 is kept.
  [['10.0.0.0/8', '2002:a00::/20'], ['::a00:0/104']],
  [['0.0.0.0/8', '::1'], ['2002::/24']],
  [['2001:db8::/32'], []],
])('IPv6 forms of %j are excluded: %j', (networks, excluded) => {
  const { acls, conditions } = fromNetworks('a', 'src', networks)
  expect(acls.slice(1).flatMap(({ patterns }) => patterns)).toEqual(excluded)
  expect(conditions).toEqual(excluded.length === 0 ? ['a'] : ['a', '!a:ipv6'])
})
