import { describe, expect, test } from 'vitest'
import type { Elf } from '../../../src/build-nginx/core/abi/elf.ts'
import { differences, misfits } from '../../../src/build-nginx/core/abi/fit.ts'
import { loadOrder } from '../../../src/build-nginx/core/abi/link.ts'
import {
  type NginxFacts,
  readNginx,
  readSharedObject,
  releaseOf,
  versionNumber,
} from '../../../src/build-nginx/core/abi/read.ts'
import { modulesOfConfig } from '../../../src/build-nginx/run/abi/from-config.ts'
import type { Files } from '../../../src/ports.ts'

/** Debian's 1.22.1, built --with-compat and with PCRE. */
const debian = '8,4,8,0011111111010111001111111111111111'

const flip = (signature: string, bit: number): string => {
  const at = signature.lastIndexOf(',') + bit
  return `${signature.slice(0, at)}${signature[at] === '1' ? '0' : '1'}${signature.slice(at + 1)}`
}

test('releases as nginx counts them', () => {
  expect(versionNumber('1.22.1')).toBe(1022001)
  expect(releaseOf(1031004)).toBe('1.31.4')
})

describe('differences', () => {
  // The numbers of src/core/ngx_module.h.
  test.each([
    [18, 'QUIC', '--with-http_v3_module'],
    [22, 'threads', '--with-threads'],
    [23, 'PCRE', '--without-http_rewrite_module'],
    [24, 'TLS', '--with-http_ssl_module'],
    [26, 'gzip', '--without-http_gzip_module'],
    [29, 'real client address', '--with-http_realip_module'],
    [31, 'WebDAV', '--with-http_dav_module'],
    [32, 'HTTP cache', '--without-http-cache'],
    [33, 'zones', '--without-http_upstream_zone_module'],
    [34, 'compatible', '--with-compat'],
  ])('digit %i is %s', (bit, what, flag) => {
    const [found, ...others] = differences(debian, flip(debian, bit))
    expect(others).toEqual([])
    expect(found?.what).toContain(what)
    expect(found?.flag).toContain(flag)
  })

  test('sizes, and a signature of another length', () => {
    expect(differences(debian, debian.replace('8,4,8', '4,4,4'))).toEqual([
      { what: 'size of pointers in bytes', flag: null, nginx: '8', module: '4' },
      { what: 'size of time_t in bytes', flag: null, nginx: '8', module: '4' },
    ])
    expect(differences(debian, debian.slice(0, -1))).toMatchObject([{ module: 'not known' }])
  })
})

describe('fitting', () => {
  const nginx: NginxFacts = {
    version: 1022001,
    signature: debian,
    configureArguments: null,
    product: null,
    machine: 62,
  }
  const object = (change: object) => ({
    modules: [{ name: 'm', version: 1022001, signature: debian, ...change }],
    machine: 62,
  })
  test.each([
    [{}, []],
    [{ version: 1022000 }, ['version']],
    [{ signature: flip(debian, 23) }, ['signature']],
    [{ version: 1022000, signature: flip(debian, 23) }, ['version']],
  ])('%j', (change, reasons) => {
    expect(misfits(nginx, object(change)).map(({ reason }) => reason)).toEqual(reasons)
  })
  test('another machine, and an nginx from before dynamic modules', () => {
    expect(misfits({ ...nginx, machine: 183 }, object({}))[0]?.reason).toBe('machine')
    expect(misfits({ ...nginx, signature: null }, object({}))[0]?.reason).toBe('no-signature')
  })
})

test.each([
  ['nothing', ''],
  ['a script', '#!/bin/sh\nexec nginx\n'],
  ['the beginning of an ELF file', `\x7fELF\x02\x01\x01${'\0'.repeat(100)}`],
  ['an ELF header that leads nowhere', `\x7fELF\x02\x01\x01${'\xff'.repeat(100)}`],
])('%s is neither nginx nor a module', (_, text) => {
  const bytes = Buffer.from(text, 'latin1')
  expect(readNginx(bytes)).toBeNull()
  expect(readSharedObject(bytes)).toBeNull()
})

describe('the order in which modules are loaded', () => {
  const file = (name: string, defined: readonly string[], undefinedNames: readonly string[]) => ({
    file: name,
    elf: { defined: new Set(defined), undefined: undefinedNames } as unknown as Elf,
  })
  test('is that of their symbols, else the given one', () => {
    const modules = [
      file('http_geoip', ['a'], ['ngx_http_add_variable']),
      file('stream_geoip', ['b'], ['ngx_stream_add_variable']),
      file('mail', ['c'], []),
      file('stream', ['ngx_stream_add_variable'], []),
    ]
    expect(loadOrder(modules)).toEqual(['http_geoip', 'stream', 'stream_geoip', 'mail'])
  })
  test('of modules that need each other is the given one', () => {
    const modules = [file('a', ['x'], ['y']), file('b', ['y'], ['x'])]
    expect(loadOrder(modules)).toHaveLength(2)
  })
})

test.each([
  ["--with-debug --prefix='/opt/my nginx' --with-compat", '/opt/my nginx/modules/a.so'],
  ["--with-cc-opt='-O2 --prefix=/x' --prefix=/opt/nginx", '/opt/nginx/modules/a.so'],
  ['--with-debug', '/usr/local/nginx/modules/a.so'],
])('finds the modules of a configuration below the prefix of %s', async (configured, expected) => {
  const unused = () => Promise.reject(new Error('not asked for'))
  const files: Files = {
    read: async () => Buffer.from('load_module modules/a.so; http { load_module b.so; }'),
    namedBy: () => ({
      read: unused,
      readWebapp: unused,
      readConf: unused,
      readConfig: unused,
      check: unused,
    }),
    checkSpecPlace: unused,
    exists: async () => true,
    list: async () => [],
    write: unused,
    rewrite: unused,
  }
  expect(await modulesOfConfig('/etc/nginx/nginx.conf', configured, '', files)).toEqual([expected])
})
