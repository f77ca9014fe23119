import { expect, test } from 'vitest'
import {
  cookiesIn,
  copyOfJars,
  emptyJars,
  putCookies,
  sessionId,
} from '../../../src/core/simulate/jars.ts'

const header = (jars: ReturnType<typeof emptyJars>, client: number): string =>
  cookiesIn(jars, client)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')

const first = sessionId(0, 7)
const second = sessionId(60, 12)

test('a client has the cookies that were set, the last of each name', () => {
  const jars = emptyJars(2)
  const own = { name: 'srv', value: 'a' }
  putCookies(jars, 0, [own, { name: 'SESSION', value: `${first.text}.a` }], first)
  expect(header(jars, 0)).toBe('srv=a; SESSION=s0x7.a')
  expect(header(jars, 1)).toBe('')
  putCookies(jars, 0, [{ name: 'srv', value: 'b' }], null)
  expect(header(jars, 0)).toBe('SESSION=s0x7.a; srv=b')
})

test('clients whose cookies differ in the session id share their form', () => {
  const jars = emptyJars(3)
  for (const client of [0, 1, 2]) {
    const begun = sessionId(0, client)
    putCookies(jars, client, [{ name: 'SESSION', value: `a~${begun.text}.a` }], begun)
  }
  expect(new Set(jars.formOf).size).toBe(1)
  expect([0, 1, 2].map((client) => header(jars, client))).toEqual([
    'SESSION=a~s0x0.a',
    'SESSION=a~s0x1.a',
    'SESSION=a~s0x2.a',
  ])
})

test('a cookie of an earlier session keeps its id', () => {
  const jars = emptyJars(1)
  putCookies(jars, 0, [{ name: 'OLD', value: `${first.text}.a` }], first)
  putCookies(jars, 0, [{ name: 'NEW', value: `${second.text}.b` }], second)
  expect(header(jars, 0)).toBe('OLD=s0x7.a; NEW=s60x12.b')
})

test('two futures of a client have their own cookies', () => {
  const jars = emptyJars(1)
  putCookies(jars, 0, [{ name: 'SESSION', value: `${first.text}.a` }], first)
  const copy = copyOfJars(jars)
  putCookies(copy, 0, [{ name: 'SESSION', value: `${second.text}.b` }], second)
  expect([header(jars, 0), header(copy, 0)]).toEqual(['SESSION=s0x7.a', 'SESSION=s60x12.b'])
})
