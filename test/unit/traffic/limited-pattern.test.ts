import { expect, test } from 'vitest'
import { withTimeLimit } from '../../../src/adapters/traffic/limited-pattern.ts'
import { UsageError } from '../../../src/errors.ts'

test('an expression that took too long for one response is not tried with another', () => {
  const pattern = withTimeLimit(/(a+)+$/u)
  expect(pattern.exec('aaa')?.[0]).toBe('aaa')
  const before = process.cpuUsage()
  for (let answer = 0; answer < 8; answer++)
    expect(() => pattern.exec(`${'a'.repeat(50)}!`)).toThrow(UsageError)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2500)
})
