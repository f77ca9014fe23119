import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const codesOf = (targets: string, servers: string, location: string): readonly string[] =>
  compileText(`version: 1
name: shop
targets: { ${targets} }
frontends: { web: { listen: [80], locations: [${location}] } }
upstreams: { app: { servers: { ${servers} } } }
`)
    .diagnostics.filter(({ severity }) => severity !== 'info')
    .map(({ code, message }) => `${code}: ${message}`)

test('two invalid addresses are not reported as equal', () => {
  const servers = 'a: "10.0.0.1:70000", b: "10.0.0.300:80"'
  expect(codesOf('nginx: { version: "1.26" }', servers, '{ match: /, upstream: app }')).toEqual([
    'address-invalid: port 70000 is not between 1 and 65535',
    'address-invalid: "10.0.0.300" is not an IPv4 address',
  ])
})

test('a location without an effect is reported once', () => {
  const codes = codesOf('haproxy: { version: "2.6" }', 'a: "10.0.0.1:80"', '{ match: / }')
  expect(codes).toEqual([expect.stringMatching(/^location-invalid: /)])
})
