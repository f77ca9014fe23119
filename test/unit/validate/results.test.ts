import { describe, expect, test } from 'vitest'
import { parseVersion } from '../../../src/core/model/version.ts'
import type { Artifact } from '../../../src/core/render/artifact.ts'
import type { PlannedCheck, Verdict } from '../../../src/core/validate/check.ts'
import { isRelease } from '../../../src/core/validate/check.ts'
import { placeFinder, restoreOriginals } from '../../../src/core/validate/originals.ts'
import { maskFor, resultsOf } from '../../../src/core/validate/results.ts'
import { clusterOf } from './cluster-of.ts'

const artifact = (path: string, text: string): Artifact => ({
  dialect: 'tomcat',
  path,
  source: null,
  text,
  bytes: new TextEncoder().encode(text),
})
const artifacts = new Map(
  [
    artifact('a/server.xml', 'one\r\ntwo\r\n'),
    artifact('a/context.xml', 'x'),
    artifact('b/server.xml', ''),
  ].map((one) => [one.path, one]),
)
const planned: PlannedCheck = {
  covers: ['a/server.xml', 'a/context.xml'],
  twins: [{ path: 'b/server.xml', like: 'a/server.xml' }],
  insteadOf: 'Tomcat 9.0.122',
  notes: [{ path: 'a/context.xml', text: 'a note' }],
  check: { files: [], folders: [], args: [] },
  until: null,
  read: () => ({ kind: 'accepted', findings: [] }),
}
const tool = { product: 'Tomcat', version: '9.0.118', program: 'java', answer: '' }
const resultsFor = (verdict: Verdict) =>
  resultsOf(planned, verdict, tool, artifacts, (text) => text.replaceAll('hunter2', '***'))

describe('resultsOf', () => {
  test('accepted: each artifact, its notes, and its equivalents', () => {
    const results = resultsFor({ kind: 'accepted', findings: [] })
    expect(
      results.map(({ path, status, checkedAs, notes }) => [path, status, checkedAs, notes]),
    ).toEqual([
      ['a/server.xml', 'accepted', null, []],
      ['a/context.xml', 'accepted', null, ['a note']],
      ['b/server.xml', 'accepted', 'a/server.xml', []],
    ])
    expect(results[0]).toMatchObject({ by: 'Tomcat 9.0.118', insteadOf: 'Tomcat 9.0.122' })
  })

  test('refused: the place of the error with its line, without secrets', () => {
    const finding = {
      severity: 'error',
      path: 'a/server.xml',
      line: 2,
      message: 'not hunter2',
    } as const
    const results = resultsFor({ kind: 'refused', findings: [finding], others: 'not-checked' })
    expect(results.map(({ path, status }) => [path, status])).toEqual([
      ['a/server.xml', 'refused'],
      ['a/context.xml', 'not-checked'],
      ['b/server.xml', 'refused'],
    ])
    expect(results[0]?.findings).toEqual([{ ...finding, message: 'not ***', lineText: 'two' }])
    expect(results[1]).toMatchObject({
      by: null,
      notes: ['Tomcat stopped before it read this file'],
    })
    expect(results[2]?.findings[0]).toMatchObject({ path: 'b/server.xml' })
  })

  test('an error without a place makes the first artifact refused', () => {
    const finding = { severity: 'error', path: null, line: null, message: 'm' } as const
    const [first] = resultsFor({ kind: 'refused', findings: [finding], others: 'accepted' })
    expect(first).toMatchObject({ status: 'refused', findings: [{ path: 'a/server.xml' }] })
  })

  test('not checked: the reason', () => {
    for (const result of resultsFor({ kind: 'not-checked', reason: 'no hunter2' })) {
      expect(result).toMatchObject({ status: 'not-checked', by: null, notes: ['no ***'] })
    }
  })
})

describe('maskFor', () => {
  const mask = maskFor(
    clusterOf(
      'version: 1\nname: s\ntargets: { haproxy: { version: "2.6" } }\nfrontends: { w: { listen: [80], locations: [{ match: /, upstream: u }] } }\nupstreams: { u: { servers: { a: "h:1" } } }\nstores: { d: { kind: jdbc, driver: d.D, url: "jdbc:x", password: "s3$cret" } }',
    ),
  )
  test.each([
    ['invalid argument s3$cret.', 'invalid argument ***.'],
    ['<Connector keystorePass="a b" port="1"/>', '<Connector keystorePass="***" port="1"/>'],
    ["<Resource password = 'x' name='y'/>", "<Resource password = '*' name='y'/>"],
    ['secret="never closed', 'secret="************'],
    [
      'failed to set property [truststorePassword] to [a]',
      'failed to set property [truststorePassword] to [*]',
    ],
    ['spring.redis.password=abc def', 'spring.redis.password=*******'],
    ['jvmRoute="tomcat01"', 'jvmRoute="tomcat01"'],
  ])('%s', (text, shown) => {
    expect(mask(text)).toBe(shown)
  })
})

test('placeFinder keeps line numbers only if both files have the same number of lines', () => {
  const placeOf = placeFinder(
    '/stage',
    [
      { path: 'a', text: '1\n2\n' },
      { path: 'b', text: '1\n' },
    ],
    [
      { path: 'a', text: 'x\ny\n' },
      { path: 'b', text: 'x\ny\n' },
    ],
  )
  expect(placeOf('/stage/a', 2)).toEqual({ path: 'a', line: 2 })
  expect(placeOf('/stage/b', 1)).toEqual({ path: 'b', line: null })
  expect(placeOf('/stage/other.conf', 1)).toEqual({ path: null, line: null })
})

test('restoreOriginals prefers the longest text, and reads none as a pattern', () => {
  const original = restoreOriginals([
    { relocated: '/s/', original: '' },
    { relocated: '/s/l1', original: '*:80' },
    { relocated: '/s/l11', original: '*:81' },
    { relocated: '127.64.0.1', original: '$&' },
  ])
  expect(original('/s/l1 /s/l11 /s/x 127.64.0.1 127x64y0z1')).toBe('*:80 *:81 x $& 127x64y0z1')
})

test('isRelease compares as many numbers as the spec has', () => {
  expect(isRelease('2.6.12', parseVersion('2.6'))).toBe(true)
  expect(isRelease('2.60.1', parseVersion('2.6'))).toBe(false)
  expect(isRelease('1.26.3', parseVersion('1.26.2'))).toBe(false)
})
