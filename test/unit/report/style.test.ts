import { describe, expect, test } from 'vitest'
import { styleFor } from '../../../src/report/style.ts'

describe('styles', () => {
  test('are the codes of ECMA-48, whatever standard output is', () => {
    const { bold, dim, red, yellow, green, cyan } = styleFor(true)
    expect([bold, dim, red, yellow, green, cyan].map((style) => style('x'))).toEqual([
      '\u001b[1mx\u001b[22m',
      '\u001b[2mx\u001b[22m',
      '\u001b[31mx\u001b[39m',
      '\u001b[33mx\u001b[39m',
      '\u001b[32mx\u001b[39m',
      '\u001b[36mx\u001b[39m',
    ])
    expect(bold(red('x'))).toBe('\u001b[1m\u001b[31mx\u001b[39m\u001b[22m')
  })

  test('are empty without colours', () => {
    expect(Object.values(styleFor(false)).map((style) => style('x'))).toEqual(Array(6).fill('x'))
  })
})
