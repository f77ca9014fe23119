import { expect, test } from 'vitest'
import { Findings } from '../../../src/core/diagnostics/findings.ts'
import type { Context } from '../../../src/core/dialects/httpd/context.ts'
import {
  checkHostOrder,
  inHostOrder,
  namesOf,
} from '../../../src/core/dialects/httpd/hosts/names.ts'
import type { Frontend } from '../../../src/core/model/cluster.ts'
import { parseVersion } from '../../../src/core/model/version.ts'
import { defaultTls, noSettings } from '../../support/file-location.ts'

const frontend = (name: string, ...serverNames: string[]): Frontend => ({
  name,
  path: ['frontends', name],
  listeners: [],
  serverNames,
  accessLog: null,
  clientAddress: null,
  proxyProtocol: null,
  toHttps: null,
  hsts: null,
  headers: [],
  isDefault: null,
  http2: null,
  tls: defaultTls,
  settings: noSettings,
  locations: [],
  snippets: [],
})

const orderOf = (...frontends: Frontend[]): readonly string[] =>
  inHostOrder(frontends).map(({ name }) => name)

const codesOf = (...frontends: Frontend[]): readonly string[] => {
  const context: Context = {
    version: parseVersion('2.4'),
    upgraded: new Set(),
    cluster: { name: 'x', targets: [], frontends: [], upstreams: [], stores: [], snippets: [] },
    modules: new Set(),
    findings: new Findings(),
  }
  checkHostOrder(frontends, context)
  return context.findings.all.map(({ code, at }) =>
    at.kind === 'spec' ? `${code} ${at.path.join('.')}` : code,
  )
}

test('a dot before a name is written twice', () => {
  expect(namesOf(frontend('a', '.Example.com', 'example.com', 'www.*'))).toEqual([
    'example.com',
    '*.example.com',
    'www.*',
  ])
})

test('the default host is first, exact names come before wildcards', () => {
  const [wild, exact, rest] = [
    frontend('a', '*.example.com'),
    frontend('b', 'www.example.com'),
    frontend('c'),
  ]
  expect(orderOf(wild, exact, rest)).toEqual(['c', 'b', 'a'])
  expect(codesOf(wild, exact, rest)).toEqual([])
  expect(orderOf(exact, wild)).toEqual(['b', 'a'])
})

test('a name that an earlier host already matches', () => {
  const late = 'httpd-server-name-order frontends.b.serverNames'
  expect(codesOf(frontend('a', '*.example.com'), frontend('b', 'www.*'))).toEqual([])
  expect(codesOf(frontend('a', '*.com'), frontend('b', '*.example.com'))).toEqual([late])
  expect(codesOf(frontend('a', '*.com', 'x.org'), frontend('b', 'www.x.com', '*.net'))).toEqual([
    late,
  ])
  expect(codesOf(frontend('a', '*.example.com'), frontend('b', 'www.example.com'))).toEqual([])
  expect(codesOf(frontend('a', 'x.com'), frontend('b', 'X.com'))).toEqual([late])
  expect(codesOf(frontend('a'), frontend('b'))).toEqual(['httpd-server-name-order frontends.b'])
  expect(codesOf(frontend('a', '*.example.com'), frontend('b', 'example.com'))).toEqual([])
})
