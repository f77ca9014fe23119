import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as openpgp from 'openpgp'
import { beforeAll, describe, expect, test } from 'vitest'
import { signaturesByLibrary } from '../../src/build-nginx/adapters/signatures.ts'
import { isRefused, judgeAll } from '../../src/build-nginx/core/verify/judge.ts'
import { type Signer, signers } from '../../src/build-nginx/core/verify/signers.ts'

const bytes = new TextEncoder().encode('a release\n'.repeat(1000))
const day = 86_400_000
const made = Date.parse('2024-01-01')
const now = Date.parse('2026-06-01')

interface Keyholder {
  readonly key: openpgp.PrivateKey
  readonly signer: Signer
  readonly armored: string
}

const keyholder = async (name: string, days: number | null): Promise<Keyholder> => {
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'ecc',
    userIDs: [{ name, email: 'x@example.com' }],
    date: new Date(made),
    ...(days === null ? {} : { keyExpirationTime: days * 86_400 }),
    format: 'object',
  })
  const signer = { name, fingerprint: publicKey.getFingerprint().toUpperCase(), file: '' }
  return { key: privateKey, signer, armored: publicKey.armor() }
}

const sign = async ({ key }: Keyholder, at: number, content = bytes): Promise<string> => {
  const message = await openpgp.createMessage({ binary: content })
  const config = { ...openpgp.config, allowInsecureVerificationWithReformattedKeys: true }
  const options = { message, signingKeys: key, detached: true, date: new Date(at), config } as const
  return String(await openpgp.sign({ ...options, format: 'armored' }))
}

let [ours, other, short]: Keyholder[] = []
beforeAll(async () => {
  ;[ours, other, short] = await Promise.all([
    keyholder('Ours', null),
    keyholder('Other', null),
    keyholder('Short', 30),
  ])
})

const present = (holder: Keyholder | undefined): Keyholder => {
  if (holder === undefined) throw new Error('no key was made')
  return holder
}

/** What the whole check says: the reason of a refusal, or who signed. */
const check = async (armored: string, allowed: readonly Keyholder[], content = bytes) => {
  const keys = allowed.map((holder) => holder.armored)
  const facts = await signaturesByLibrary.read(content, armored, keys)
  const found = judgeAll(
    'nginx',
    allowed.map(({ signer }) => signer),
    facts,
    now,
  )
  return isRefused(found) ? found.reason : found.signer.name
}

describe('a detached signature', () => {
  test('by a known key is good', async () => {
    const holder = present(ours)
    expect(await check(await sign(holder, made + day), [present(other), holder])).toBe('Ours')
  })

  test('is refused if any bit of the file is changed', async () => {
    const holder = present(ours)
    const armored = await sign(holder, made + day)
    for (const at of [0, 1, 4_321, bytes.length - 1]) {
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      expect(await check(armored, [holder], flipped)).toContain('does not match')
    }
    expect(await check(armored, [holder], bytes.subarray(0, -1))).toContain('does not match')
  })

  test('by an unknown key is refused', async () => {
    const armored = await sign(present(other), made + day)
    expect(await check(armored, [present(ours)])).toContain('not a key of the nginx signers')
  })

  test('by an expired key is good only if it was made before the key expired', async () => {
    const holder = present(short)
    expect(await check(await sign(holder, made + 29 * day), [holder])).toBe('Short')
    // The library itself would not sign any more: a thief has another program.
    const { key } = holder
    const late = {
      ...holder,
      key: Object.create(key, { getSigningKey: { value: async () => key } }),
    }
    expect(await check(await sign(late, made + 31 * day), [holder])).toMatch(
      /signed on 2024-02-01, after the key of Short .* had expired on 2024-01-31/,
    )
  })

  test('with a date in the future is refused', async () => {
    const holder = present(ours)
    expect(await check(await sign(holder, now + 10 * day), [holder])).toContain('in the future')
  })

  test.each([
    ['nothing', ''],
    ['a web page', '<html></html>'],
    ['a damaged one', '-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n'],
  ])('that is not a signature is refused: %s', async (_, text) => {
    expect(await check(text, [present(ours)])).toContain('cannot be read')
  })

  test('with changed bits is refused', async () => {
    const holder = present(ours)
    const armored = await sign(holder, made + day)
    const lines = armored.split('\n')
    const middle = lines[3] ?? ''
    lines[3] = `${middle.slice(0, 5)}${middle[5] === 'A' ? 'B' : 'A'}${middle.slice(6)}`
    expect(await check(lines.join('\n'), [holder])).not.toBe('Ours')
  })
})

test('the included keys are those of the list', async () => {
  for (const list of Object.values(signers)) {
    for (const { file, fingerprint } of list) {
      const path = fileURLToPath(new URL(`../../keys/${file}`, import.meta.url))
      const keys = await openpgp.readKeys({ armoredKeys: readFileSync(path, 'utf8') })
      expect(keys.map((key) => key.getFingerprint().toUpperCase())).toEqual([fingerprint])
      expect(keys.some((key) => key.isPrivate())).toBe(false)
    }
  }
})
