import { describe, expect, test } from 'vitest'
import { renderUpstream } from './render-upstream.ts'

const module = { version: '1.26.3', modules: ['jvm_route'] }
const unpatched = { ...module, unpatched: true }
const stock = { version: '1.26.3' }
const recent = { version: '1.30.6' }
const stickyNg = { version: '1.22.1', modules: ['sticky-ng'] }
const tengine = { flavor: 'tengine', version: '2.4.1', modules: ['session_sticky'] }

const jvmRoute = { method: 'jvm_route' }
const ipHash = { method: 'ip_hash' }
const hash = { method: 'hash', key: '$request_uri' }
const cookie = { method: 'sticky', by: 'cookie' }
const forcedModule = { ...cookie, via: 'module' }

const serversWith = (second: object) => ({
  a: '10.0.0.1:8080',
  b: { address: '10.0.0.2:8080', ...second },
  c: '10.0.0.3:8080',
})

/** Diagnostics about the implementation and about ip_hash, which affinity.test.ts covers. */
const isOfImplementation = (code: string): boolean =>
  /-as-|blind/.test(code) || code === 'ip-hash-three-octets'

/** How the second server is written, or the code that refuses it. */
const second = (target: object, affinity: object, server: object, more: object = {}) => {
  const upstream = { affinity, servers: serversWith(server), ...more }
  const { inside, codes, text } = renderUpstream({ ...target }, upstream)
  const line = inside('upstream app').find((each) => each.includes('10.0.0.2'))
  return text === '' ? codes.filter((code) => !isOfImplementation(code)) : line
}

describe('backup', () => {
  const backup = { state: 'backup' }
  test.each([
    [stock, { method: 'none' }, 'server 10.0.0.2:8080 backup;'],
    [stock, ipHash, ['nginx-backup']],
    [stock, hash, ['nginx-backup']],
    [stock, cookie, ['nginx-backup']],
    [stickyNg, forcedModule, ['nginx-backup']],
    [tengine, forcedModule, ['nginx-backup']],
    [module, jvmRoute, 'server 10.0.0.2:8080 srun_id=b backup;'],
    [unpatched, jvmRoute, 'server 10.0.0.2:8080 backup;'],
    [recent, cookie, 'server 10.0.0.2:8080 route=b backup;'],
    [stock, jvmRoute, 'server 10.0.0.2:8080 backup;'],
  ])('%j %j: %j', (target, affinity, expected) => {
    expect(second(target, affinity, backup)).toEqual(expected)
  })

  test.each(['random', { hash: '$uri' }])('is refused with the method %j', (balance) => {
    for (const [target, affinity] of [
      [module, jvmRoute],
      [recent, cookie],
      [stock, jvmRoute],
      [stock, { method: 'none' }],
    ] as const) {
      expect(second(target, affinity, backup, { balance })).toEqual(['nginx-backup'])
    }
  })

  test('works with least_conn', () => {
    const line = second(module, jvmRoute, backup, { balance: 'least_conn' })
    expect(line).toBe('server 10.0.0.2:8080 srun_id=b backup;')
  })
})

describe('drain', () => {
  const drain = { state: 'drain' }
  test.each([
    [stock, { method: 'none' }, 'server 10.0.0.2:8080 down;'],
    [stock, ipHash, ['nginx-drain']],
    // nginx 1.30 accepts drain, but without sticky it means down.
    [recent, ipHash, ['nginx-drain']],
    [recent, hash, ['nginx-drain']],
    [stock, cookie, ['nginx-drain']],
    [stickyNg, forcedModule, ['nginx-drain']],
    [tengine, forcedModule, 'server 10.0.0.2:8080 id=b down;'],
    [module, jvmRoute, 'server 10.0.0.2:8080 srun_id=b drain;'],
    [{ ...module, version: '1.30.6', unpatched: true }, jvmRoute, 'server 10.0.0.2:8080 drain;'],
    // Without the patch there is no drain before 1.29.6, so maps are used.
    [unpatched, jvmRoute, 'server 10.0.0.2:8080 down;'],
    [unpatched, { ...jvmRoute, via: 'module' }, ['nginx-drain']],
    [stock, jvmRoute, 'server 10.0.0.2:8080 down;'],
    [recent, jvmRoute, 'server 10.0.0.2:8080 route=b drain;'],
    [{ flavor: 'nginx-plus', version: '1.13.6' }, cookie, 'server 10.0.0.2:8080 route=b drain;'],
    [{ flavor: 'nginx-plus', version: '1.13.5' }, cookie, ['nginx-drain']],
    [{ flavor: 'angie', version: '1.12.0' }, cookie, 'server 10.0.0.2:8080 sid=b drain;'],
    [{ flavor: 'angie', version: '1.11.4' }, cookie, ['nginx-drain']],
  ])('%j %j: %j', (target, affinity, expected) => {
    expect(second(target, affinity, drain)).toEqual(expected)
  })
})

describe('down', () => {
  test.each([
    [stock, ipHash, 'server 10.0.0.2:8080 down;'],
    [stock, cookie, 'server 10.0.0.2:8080 down;'],
    [module, jvmRoute, 'server 10.0.0.2:8080 srun_id=b down;'],
    [recent, cookie, 'server 10.0.0.2:8080 route=b down;'],
    [stickyNg, forcedModule, 'server 10.0.0.2:8080 down;'],
    // The module would still send sessions to it.
    [tengine, forcedModule, undefined],
  ])('%j %j: %j', (target, affinity, expected) => {
    expect(second(target, affinity, { state: 'down' })).toEqual(expected)
  })
})

describe('maxConns and maxBusy', () => {
  test.each([
    [{ version: '1.11.5' }, ipHash, 'server 10.0.0.2:8080 max_conns=9;'],
    [{ version: '1.11.4' }, ipHash, ['nginx-max-conns']],
    [{ flavor: 'nginx-plus', version: '1.9.0' }, ipHash, 'server 10.0.0.2:8080 max_conns=9;'],
    [stickyNg, forcedModule, ['nginx-max-conns']],
    [tengine, forcedModule, ['nginx-max-conns']],
    [module, jvmRoute, 'server 10.0.0.2:8080 max_conns=9 srun_id=b;'],
  ])('maxConns: %j %j: %j', (target, affinity, expected) => {
    expect(second(target, affinity, { maxConns: 9 })).toEqual(expected)
  })

  test.each([
    [module, jvmRoute, 'server 10.0.0.2:8080 srun_id=b max_busy=9;'],
    [unpatched, jvmRoute, ['nginx-max-busy']],
    [recent, jvmRoute, ['nginx-max-busy']],
    [stock, { method: 'none' }, ['nginx-max-busy']],
  ])('maxBusy: %j %j: %j', (target, affinity, expected) => {
    expect(second(target, affinity, { maxBusy: 9 })).toEqual(expected)
  })

  test('a limit of 0 is not written', () => {
    expect(second(module, jvmRoute, { maxConns: 0, maxBusy: 0 })).toBe(
      'server 10.0.0.2:8080 srun_id=b;',
    )
  })
})

describe('zone and keepalive', () => {
  const block = (target: object, upstream: object) =>
    renderUpstream({ ...target }, { ...upstream }).inside('upstream app')

  test.each([
    [stock, { affinity: ipHash, zone: '64k' }, 'zone app 64k;'],
    [module, { affinity: jvmRoute, zone: '1m' }, 'zone app 1m;'],
    [stock, { servers: serversWith({ maxConns: 5 }) }, 'zone app 64k;'],
    [{ flavor: 'nginx-plus', version: '1.25.5' }, { check: { uri: '/' } }, 'zone app 64k;'],
  ])('%j %j: %s', (target, upstream, expected) => {
    expect(block(target, upstream)[0]).toBe(expected)
  })

  test('no zone is written by default', () => {
    expect(block(stock, {}).join()).not.toContain('zone')
  })

  test.each([
    ['1.8.1', { zone: '64k' }, ['nginx-zone']],
    ['1.26.3', { zone: '31k' }, ['nginx-zone-small']],
    ['1.26.3', { zone: '32768' }, []],
  ])('nginx %s %j: %j', (version, upstream, codes) => {
    expect(renderUpstream({ version }, upstream).codes).toEqual(codes)
  })

  test('a zone that is too small for its servers is refused', () => {
    const many = Object.fromEntries(
      Array.from({ length: 67 }, (_, index) => [`n${index}`, `10.0.0.${index + 1}:80`]),
    )
    expect(renderUpstream(stock, { zone: '64k', servers: many }).codes).toEqual([
      'nginx-zone-small',
    ])
    expect(renderUpstream(stock, { zone: '88k', servers: many }).codes).toEqual([])
  })

  test.each([
    ['1.29.6', 16, 'keepalive 16;', true],
    ['1.29.7', 16, 'keepalive 16;', false],
    // Older releases refuse the zero, newer ones need it.
    ['1.29.6', 0, undefined, false],
    ['1.29.7', 0, 'keepalive 0;', false],
  ])('nginx %s keepalive %i: %s', (version, keepalive, line, hasHeaders) => {
    const { inside } = renderUpstream({ version }, { keepalive })
    expect(inside('upstream app').at(2)).toBe(line)
    const server = inside('server')
    expect(server.includes('proxy_http_version 1.1;')).toBe(hasHeaders)
    expect(server.includes('proxy_set_header Connection "";')).toBe(hasHeaders)
  })

  test.each([
    // Older releases have no such directive.
    ['1.15.2', { keepalive: 16 }, false],
    ['1.15.3', { keepalive: 16 }, true],
    ['1.29.6', {}, false],
    ['1.29.6', { keepalive: 0 }, false],
    ['1.29.7', {}, true],
    ['1.29.7', { keepalive: 0 }, false],
  ])('nginx %s %j: idle connections are closed: %j', (version, upstream, isWritten) => {
    expect(block({ version }, upstream).includes('keepalive_timeout 60s;')).toBe(isWritten)
  })
})

test.each([
  [ipHash, ['nginx-balance-conflict', 'ip-hash-three-octets']],
  [hash, ['nginx-balance-conflict']],
  [{ ...cookie, via: 'maps' }, ['nginx-balance-conflict']],
])(
  'a balancing method is refused with the affinity %j, which is one itself',
  (affinity, expected) => {
    expect(renderUpstream(stock, { balance: 'least_conn', affinity }).codes).toEqual(expected)
  },
)

test('all errors are reported in one run', () => {
  const { codes } = renderUpstream(stock, {
    balance: 'random',
    affinity: { ...ipHash, onFailure: 'strict' },
    servers: serversWith({ state: 'drain', maxBusy: 3, failTimeout: '10ms' }),
  })
  expect([...codes].sort()).toEqual([
    'ip-hash-three-octets',
    'nginx-balance-conflict',
    'nginx-drain',
    'nginx-duration',
    'nginx-max-busy',
    'nginx-strict',
  ])
})
