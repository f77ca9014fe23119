import { describe, expect, test } from 'vitest'
import { editText } from '../../../src/core/config/text.ts'
import { asFindings, fixesOf } from '../../../src/core/linting/finding.ts'
import { compileText } from '../../support/compile.ts'

const head = 'version: 1 # one\nname: shop\n'
const tail = `upstreams: # the servers
  shop:
    servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 }
`

/** The spec with all certain remedies applied. */
const fixedText = (text: string): string => {
  const { source, diagnostics } = compileText(text)
  return editText(source.text, fixesOf(asFindings(diagnostics)))
}

const nginx = (version: string, more = '') =>
  `${head}targets: { nginx: { version: ${version} } } # the release\n${more}${tail}`
const balance = (written: string) =>
  `${head}targets:\n  nginx: {version: "1.26.3"}\n${tail}    affinity: {method: jvm_route,   reverse: ${written}} # why\n`

describe('a certain remedy changes the bytes of its value only', () => {
  test.each([
    ['a number that is text', nginx('1.30'), nginx('"1.30"')],
    ['a boolean in words', balance('yes'), balance('true')],
    ['a boolean in quotes', balance('"yes"'), balance('true')],
    [
      'a number in quotes',
      `${head}targets: { nginx: {version: "1.26.3"} }\n${tail}    keepalive: '16'   # idle\n`,
      `${head}targets: { nginx: {version: "1.26.3"} }\n${tail}    keepalive: 16   # idle\n`,
    ],
  ])('%s', (_, before, after) => {
    expect(fixedText(before)).toBe(after)
    expect(fixedText(after)).toBe(after)
  })
  test.each(['&v 1.30', '!!float 1.30'])('%s is left to the user', (written) => {
    expect(fixedText(nginx(written))).toBe(nginx(written))
  })
  test('line ends stay', () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n')
    expect(fixedText(crlf(nginx('1.30')))).toBe(crlf(nginx('"1.30"')))
  })
})

test('a secret is no part of an edit', () => {
  const text = `${head}targets: { nginx: { version: "1.26.3" } }\nstores: { redis: { kind: redis, mode: single, addresses: [10.0.0.9:6379], password: 12345678 } }\n${tail}`
  expect(fixedText(text)).toBe(text)
})
