import { describe, expect, test } from 'vitest'
import { Findings } from '../../../src/core/diagnostics/findings.ts'
import { duration } from '../../../src/core/dialects/nginx/durations.ts'
import { createNames } from '../../../src/core/dialects/nginx/names.ts'
import { checkVariables } from '../../../src/core/dialects/nginx/variables.ts'
import { serversInZone, zoneFor } from '../../../src/core/dialects/nginx/zone.ts'
import { canonicalHost, withoutHostBits } from '../../../src/core/model/network.ts'
import { sizeBytes } from '../../../src/core/model/size.ts'

describe('networks', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.255.3.4/9', '10.128.0.0/9'],
    ['10.1.2.3/32', '10.1.2.3/32'],
    ['10.1.2.3/0', '0.0.0.0/0'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
    ['::ffff:10.1.2.3/104', '::ffff:a00:0/104'],
    ['::1/128', '::1/128'],
    ['1::/0', '::/0'],
  ])('%s without host bits is %s', (network, expected) => {
    expect(withoutHostBits(network)).toBe(expected)
  })

  test.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['0:0:3:4:5:6:7:8', '::3:4:5:6:7:8'],
    ['10.0.0.1', '10.0.0.1'],
    ['Shop.Example', 'shop.example'],
  ])('%s is written as %s', (host, expected) => {
    expect(canonicalHost(host)).toBe(expected)
  })

  test('every spelling of an address is the same', () => {
    const spellings = ['::ffff:10.0.0.1', '0::ffff:a00:1', '0:0:0:0:0:FFFF:0a00:0001']
    expect(new Set(spellings.map(canonicalHost))).toEqual(new Set(['::ffff:a00:1']))
  })
})

describe('names', () => {
  test('are unique, regardless of case', () => {
    const { upstream } = createNames(['app', 'App-node'])
    expect(['app-node', 'app-b', 'APP-B', 'app-node-2'].map(upstream)).toEqual([
      'app-node-2',
      'app-b',
      'APP-B-2',
      'app-node-2-2',
    ])
  })

  test('of variables consist of letters, digits and "_", and fit into their hash table', () => {
    const { variable, variableCount } = createNames([])
    const long = `route_${'x'.repeat(63)}`
    expect(['route_a-b', 'route_a.b', 'route_A_B', long, long].map(variable)).toEqual([
      '$route_a_b',
      '$route_a_b_2',
      '$route_a_b_3',
      `$route_${'x'.repeat(36)}`,
      `$route_${'x'.repeat(36)}_2`,
    ])
    expect(variableCount()).toBe(5)
  })
})

describe('units', () => {
  test('sizes and times', () => {
    expect(['64k', '1M', '32768'].map(sizeBytes)).toEqual([65_536, 1_048_576, 32_768])
    expect([0, 1000, 90_000, 3_600_000].map(duration)).toEqual(['0s', '1s', '90s', '1h'])
  })

  test('the size of an added zone is sufficient for its servers', () => {
    for (const count of [1, 40, 64, 200, 1000, 10_000]) {
      expect(serversInZone(sizeBytes(zoneFor(count)))).toBeGreaterThanOrEqual(count)
    }
    expect(zoneFor(2)).toBe('64k')
  })
})

describe('variables', () => {
  const codes = (text: string, isWhole = false) => {
    const findings = new Findings()
    checkVariables(text, ['key'], isWhole, new Set(), findings)
    return findings.all.map(({ code, help }) => `${code}: ${help}`)
  }

  test.each([
    '$request_uri',
    'a $host b',
    `\${uri}x`,
    '$cookie_any',
    '$arg_x$HTTP_y',
    'no variable',
  ])('%s is accepted', (text) => {
    expect(codes(text)).toEqual([])
  })

  test.each(['$', 'a$', '$-', '$1', `\${uri`, '$$uri', `\${}`])('%s is refused', (text) => {
    expect(codes(text)).toHaveLength(1)
    expect(codes(text)[0]).toMatch(/^nginx-variable: /)
  })

  test('an unknown one may be defined by another file, unless the configuration is whole', () => {
    expect(codes('$request_url')).toEqual(['nginx-variable-unknown: did you mean $request_uri?'])
    expect(codes('$request_url', true)).toEqual(['nginx-variable: did you mean $request_uri?'])
    expect(codes('$my_own_map')).toEqual([
      'nginx-variable-unknown: define it in another configuration file of this nginx',
    ])
  })
})
