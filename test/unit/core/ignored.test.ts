import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const spec = (comment: string, names = '[localhost]') => `version: 1
name: shop
targets: { nginx: { version: "1.30.7" } }
frontends:
  web:
    listen: [80]
${comment}    serverNames: ${names}
    locations: [{ match: /, upstream: shop }]
upstreams:
  shop:
    affinity: { method: ip_hash }
    servers: { web01: 10.0.0.1:8080, web02: 10.0.0.2:8080 }
`

const codes = (text: string) => compileText(text).diagnostics.map(({ code }) => code)

describe('a comment of the spec hides a diagnostic about the next line', () => {
  test('the spec has a warning without it', () => {
    expect(codes(spec(''))).toContain('server-name-local')
  })

  test.each([
    '    # sessctl: ignore server-name-local for this host only\n',
    '# sessctl: ignore server-name-local reason\n',
    '    #sessctl:ignore server-name-local reason\n\n    # another comment\n',
  ])('%j', (comment) => {
    expect(codes(spec(comment))).not.toContain('server-name-local')
    expect(codes(spec(comment))).not.toContain('spec-ignore')
  })

  test('but not about another line, or with another code', () => {
    const other = spec('    # sessctl: ignore server-name-catch-all reason\n')
    expect(codes(other)).toEqual(expect.arrayContaining(['server-name-local', 'spec-ignore']))
    const after = spec('').replace(
      '    locations',
      '    # sessctl: ignore server-name-local x\n    locations',
    )
    expect(codes(after)).toEqual(expect.arrayContaining(['server-name-local', 'spec-ignore']))
  })

  test('and never an error', () => {
    const text = spec('    # sessctl: ignore spec-type reason\n', '5')
    const { diagnostics } = compileText(text)
    expect(diagnostics.map(({ code }) => code)).toContain('spec-type')
    expect(diagnostics.find(({ code }) => code === 'spec-ignore')?.message).toBe(
      '"spec-type" is an error, and errors cannot be ignored',
    )
  })
})

test.each([
  ['# sessctl: ignore\n', '"" is not the code of a diagnostic'],
  [
    '# sessctl: ignore server-name-locl reason\n',
    '"server-name-locl" is not the code of a diagnostic',
  ],
  ['# sessctl: ignore server-name-local\n', 'the comment has no reason'],
  [
    '# sessctl: ignore ip-hash-three-octets reason\n',
    'the next line has no diagnostic "ip-hash-three-octets"',
  ],
])('%j is reported', (comment, message) => {
  const found = compileText(spec(comment)).diagnostics.filter(({ code }) => code === 'spec-ignore')
  expect(found.map((diagnostic) => [diagnostic.message, diagnostic.location.line])).toEqual([
    [message, 7],
  ])
})

test('time is linear in the length of the spec, not in comments times diagnostics', () => {
  const many = '# sessctl: ignore server-name-local reason\n'.repeat(100_000)
  expect(codes(spec(many))).not.toContain('server-name-local')
})
