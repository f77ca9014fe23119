import { expect, test } from 'vitest'
import { readSpec } from '../../../src/core/pipeline.ts'

const said = (text: string): readonly string[] =>
  readSpec('sessctl.yaml', text).diagnostics.map(
    ({ message, help }) => message + (help === null ? '' : ` (${help})`),
  )

const whole = (upstream: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
upstreams: { app: { servers: { a: "10.0.0.1:80" }, ${upstream} } }
`

test.each([
  ['keepalive: 1.5', '"keepalive" must be a whole number, not 1.5 (write 2)'],
  ['keepalive: .nan', '"keepalive" must be a number, not NaN (write a whole number, such as 1)'],
  [
    'keepalive: .inf',
    '"keepalive" must be a number, not Infinity (write a whole number, such as 1)',
  ],
  ['keepalive: "32"', '"keepalive" must be a number, not text (write the value without quotes)'],
  ['keepalive: many', '"keepalive" must be a number, not text'],
  [
    'keepalive: 99999999999999999999999',
    '1e+23 is too large for "keepalive": at most 65535 (write 65535)',
  ],
  ['affinity: jvm_route', '"affinity" must be a map, not text (write { method: jvm_route })'],
  ['affinity: cookie', '"affinity" must be a map, not text (write { method: sticky, by: cookie })'],
  ['affinity: sometimes', '"affinity" must be a map, not text'],
  ['app: tomcat', '"app" must be a map, not text (write { runtime: tomcat })'],
  [
    'affinity: { method: jvm_route, reverse: Yes }',
    '"reverse" must be true or false, not text (write true)',
  ],
  ['affinity: { method: jvm_route, reverse: maybe }', '"reverse" must be true or false, not text'],
  [
    'check: { interval: 5 }',
    '"interval" must be text, not a number (it must be a duration: a whole number of at most 9 digits and its unit, such as 500ms, 10s, 5m, 1h or 1d)',
  ],
  ['zone: 65536', '"zone" must be text, not a number (put the value in quotes: "65536")'],
  [
    'affinity: { method: hash }',
    '"key" is missing (key: text with nginx variables, such as $request_uri)',
  ],
])('%s', (upstream, expected) => {
  expect(said(whole(upstream))).toEqual([expected])
})

test('the version of the format', () => {
  const rest = 'name: shop\ntargets: {}\nupstreams: {}\n'
  expect(said(rest)).toEqual(['"version" is missing (write version: 1)'])
  expect(said(`version: 2\n${rest}`)).toEqual(['2 is not a value of "version" (write version: 1)'])
  expect(said(`version: "1"\n${rest}`)).toEqual([
    '"1" is not a value of "version" (write the value without quotes)',
  ])
})

test('a secret of the wrong type is not shown', () => {
  const store = 'stores: { s: { kind: redis, addresses: ["h:1"], password: 123456 } }\n'
  expect(said(`${whole('zone: 64k')}${store}`).join('\n')).not.toContain('123456')
})
