import { describe, expect, test } from 'vitest'
import { looseness, provenBy, refusal } from '../../../src/build-nginx/core/lock/check.ts'
import { type Lock, type LockedInput, lockText } from '../../../src/build-nginx/core/lock/lock.ts'
import { parseLock } from '../../../src/build-nginx/core/lock/parse.ts'
import { isMisread } from '../../../src/build-nginx/core/sources/parse.ts'
import type { SignatureFacts } from '../../../src/build-nginx/core/verify/facts.ts'
import { isRefused, judge } from '../../../src/build-nginx/core/verify/judge.ts'
import { signers } from '../../../src/build-nginx/core/verify/signers.ts'

const at = (date: string): number => Date.parse(date)
const [signer] = signers.nginx
const good: SignatureFacts = {
  issuer: signer?.fingerprint ?? '',
  signer: signer?.fingerprint ?? '',
  isOfBytes: true,
  hash: 'sha256',
  signedAt: at('2020-04-21'),
  keyFrom: at('2011-11-27'),
  keyUntil: null,
}
const verdict = (change: Partial<SignatureFacts>, now = at('2026-01-01')) =>
  judge('nginx', signers.nginx, { ...good, ...change }, now)

describe('a signature', () => {
  test('of a known signer is accepted if the key was valid', () => {
    expect(verdict({})).toEqual({ signer, signedAt: good.signedAt })
  })
  test('remains valid when the key expires later', () => {
    expect(isRefused(verdict({ keyUntil: at('2022-01-01') }))).toBe(false)
  })
  test.each([
    ['other bytes', { isOfBytes: false }, /does not match/],
    ['an unknown key', { signer: null }, /not a key of the nginx signers/],
    [
      'a key of another component',
      { signer: signers.openssl[0]?.fingerprint ?? '' },
      /not a key of/,
    ],
    [
      'an expired key',
      { keyUntil: at('2020-04-20') },
      /after the key of .* had expired on 2020-04-20/,
    ],
    ['a key that was not made yet', { keyFrom: at('2020-04-22') }, /before the key/],
    ['a revoked key', { keyFrom: null }, /revoked/],
    ['a day that is to come', { signedAt: at('2027-01-01') }, /in the future/],
    ['MD5', { hash: 'md5', signedAt: at('2012-01-01') }, /md5, which can be forged/],
    ['SHA-1 of today', { hash: 'sha1' }, /sha1, which can be forged/],
  ])('%s is refused', (_, change, reason) => {
    const found = verdict(change)
    expect(isRefused(found) ? found.reason : 'accepted').toMatch(reason)
  })
  test('SHA-1 is accepted if it was made before SHA-1 could be forged', () => {
    expect(isRefused(verdict({ hash: 'sha1', signedAt: at('2016-01-26') }))).toBe(false)
  })
  test('no signature at all', () => {
    const found = judge('nginx', signers.nginx, { unreadable: 'it is text' }, at('2026-01-01'))
    expect(isRefused(found) ? found.reason : '').toContain('cannot be read: it is text')
  })
})

const input = (change: Partial<LockedInput> = {}): LockedInput => ({
  from: 'https://nginx.org/download/nginx-1.26.3.tar.gz',
  sha256: 'a'.repeat(64),
  verified: { how: 'none' },
  ...change,
})
const lock = (locked: LockedInput): Lock => ({
  format: 1,
  inputs: { nginx: locked },
  toolchain: { cc: 'cc 12' },
})
const open = { isFrozen: false, least: 'none' } as const
const frozen = { isFrozen: true, least: 'none' } as const

describe('nginx.lock', () => {
  test('is read as it was written, in a fixed order', () => {
    const whole = { ...lock(input()), inputs: { z: input(), a: input({ commit: 'b'.repeat(40) }) } }
    const read = parseLock(lockText(whole))
    if (isMisread(read)) throw new Error(read.misread)
    expect(Object.keys(read.inputs)).toEqual(['a', 'z'])
    expect(lockText(read)).toBe(lockText(whole))
  })
  test.each(['', '{}', '[]', lockText(lock(input({ sha256: 'abc' })))])(
    'is invalid: %j',
    (text) => {
      expect(parseLock(text)).toMatchObject({
        misread: expect.stringMatching(/^is not a valid nginx.lock/),
      })
    },
  )
  test('of a newer sessctl is not read as if it were of this version', () => {
    const text = lockText(lock(input())).replace('"format": 1', '"format": 2')
    expect(parseLock(text)).toMatchObject({ misread: 'was written by a newer sessctl' })
  })
  const good = lockText(lock(input()))
  test.each<[string, string, RegExp]>([
    [
      'a second sha256 of an input',
      good.replace(/( +)("sha256": ")a+"/, `$&,\n$1$2${'b'.repeat(64)}"`),
      /has a duplicate key/,
    ],
    [
      'a second entry of an input',
      good.replace('"inputs": {', `"inputs": {\n"nginx": ${JSON.stringify(input())},`),
      /has a duplicate key/,
    ],
    ['text behind escapes', good.replace('"https:', '"\\u0068ttps:'), /hides text/],
    ['no sha256', good.replace(/ +"sha256": "a+",\n/, ''), /check inputs\.nginx\.sha256/],
    ['a field that nobody reads', good.replace('"verified"', '"Verified"'), /check inputs\.nginx/],
    ['a commit that is a name', good.replace('"verified"', '"commit":"main","verified"'), /commit/],
    ['too much', good + ' '.repeat(1_100_000), /larger than 1 MiB/],
  ])('is refused with %s', (_, text, reason) => {
    expect(text).not.toBe(good)
    const read = parseLock(text)
    expect(isMisread(read) ? read.misread : 'accepted').toMatch(reason)
  })
  test('that no longer pins an input is reported', () => {
    const swapped = lock(input({ from: 'https://mirror.example/nginx.tar.gz' }))
    expect(looseness('nginx', input(), swapped)).toMatch(
      /^nginx\.lock has the source https:\/\/mirror\.example\/nginx\.tar\.gz for nginx, this build uses /,
    )
    expect(looseness('module:x', input(), swapped)).toContain('module:x is not in nginx.lock')
    const signed = input({
      verified: { how: 'pgp', by: '', fingerprint: '', signedAt: '' },
    })
    expect(looseness('nginx', signed, swapped)).toBeNull()
    expect(looseness('nginx', input(), lock(input()))).toBeNull()
    expect(looseness('nginx', input(), null)).toBeNull()
  })
  test('a wrong byte is refused', () => {
    const found = refusal('nginx', input(), lock(input({ sha256: 'b'.repeat(64) })), open)
    expect(found?.message).toMatch(/differs from nginx.lock: expected sha256 b{64}, found a{64}/)
  })
  test('another origin is a new input, unless frozen', () => {
    const other = lock(input({ from: 'apt:nginx=1', sha256: 'b'.repeat(64) }))
    expect(refusal('nginx', input(), other, open)).toBeNull()
    expect(refusal('nginx', input(), other, frozen)?.message).toContain(
      'has the source apt:nginx=1',
    )
  })
  test('frozen requires every input in it', () => {
    expect(refusal('module:x', input(), lock(input()), frozen)?.message).toContain('is not in')
    expect(refusal('nginx', input(), null, frozen)?.message).toContain('is not in')
    expect(refusal('nginx', input(), lock(input()), frozen)).toBeNull()
  })
  test('its hashes are those that were verified before', () => {
    expect(provenBy('nginx', input(), lock(input()))).toEqual({ how: 'sha256' })
    expect(provenBy('nginx', input(), null)).toEqual({ how: 'none' })
    const commit = input({ verified: { how: 'commit' } })
    expect(provenBy('nginx', commit, lock(input({ sha256: 'c'.repeat(64) })))).toEqual({
      how: 'commit',
    })
  })
  test.each([
    ['none', 'commit', true],
    ['commit', 'commit', false],
    ['commit', 'sha256', true],
    ['sha256', 'sha256', false],
    ['sha256', 'pgp', true],
    ['package', 'pgp', false],
  ] as const)('%s is reported where %s is expected', (how, least, isRefusedThen) => {
    const found = refusal('nginx', input({ verified: { how } }), null, { isFrozen: false, least })
    expect(found !== null).toBe(isRefusedThen)
  })
})
