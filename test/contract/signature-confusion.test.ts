import * as openpgp from 'openpgp'
import { beforeAll, describe, expect, test } from 'vitest'
import { signaturesByLibrary } from '../../src/build-nginx/adapters/signatures.ts'
import { isRefused, judgeAll } from '../../src/build-nginx/core/verify/judge.ts'

const { binary, text } = openpgp.enums.signature
const day = 86_400_000
const made = Date.parse('2024-01-01')
const now = Date.parse('2026-06-01')
const release = new TextEncoder().encode('a release\n'.repeat(100))

let ours: openpgp.PrivateKey
let stranger: openpgp.PrivateKey
let rsa: openpgp.PrivateKey

/** A signing primary key with a subkey for signing. */
const newKey = async (): Promise<openpgp.PrivateKey> => {
  const { privateKey } = await openpgp.generateKey({
    type: 'ecc',
    userIDs: [{ name: 'A signer' }],
    date: new Date(made),
    subkeys: [{ sign: true }],
    format: 'object',
  })
  return privateKey
}

/** Unlike other kinds, its subkey for decryption could sign, and it takes weak hashes. */
const newRsaKey = async (): Promise<openpgp.PrivateKey> => {
  const { privateKey } = await openpgp.generateKey({
    type: 'rsa',
    rsaBits: 2048,
    userIDs: [{ name: 'A signer' }],
    date: new Date(made),
    format: 'object',
  })
  return privateKey
}

beforeAll(async () => {
  ;[ours, stranger, rsa] = await Promise.all([newKey(), newKey(), newRsaKey()])
})

interface SignOptions {
  /** 0: the primary key, then its subkeys. */
  readonly nth?: number
  readonly type?: openpgp.enums.signature
  readonly hash?: openpgp.enums.hash
  readonly at?: number
  readonly content?: Uint8Array
}

/** As any program could sign, whatever the library itself would refuse. */
const packetBy = async (
  key: openpgp.PrivateKey,
  { nth = 0, type = binary, hash, at = made + day, content = release }: SignOptions = {},
): Promise<openpgp.SignaturePacket> => {
  const keyPacket = key.getKeys()[nth]?.keyPacket
  if (keyPacket === undefined) throw new Error('no such subkey')
  const message = await openpgp.createMessage({ binary: content })
  const literal = message.packets.findPacket(openpgp.enums.packet.literalData)
  const packet = new openpgp.SignaturePacket()
  Object.assign(packet, {
    signatureType: type,
    publicKeyAlgorithm: keyPacket.algorithm,
    hashAlgorithm: hash ?? openpgp.enums.hash.sha512,
  })
  if (literal === undefined) throw new Error('nothing to sign')
  const config = { ...openpgp.config, nonDeterministicSignaturesViaNotation: false }
  // The library's types leave the last parameter out.
  await Reflect.apply(packet.sign, packet, [keyPacket, literal, new Date(at), true, config])
  return packet
}

const armoredOf = (...packets: readonly openpgp.SignaturePacket[]): string => {
  const list = new openpgp.PacketList<openpgp.SignaturePacket>()
  list.push(...packets)
  return new openpgp.Signature(list).armor()
}

/** The reason of a refusal, or `accepted`. */
const verdictOf = async (
  armored: string,
  key: openpgp.Key = ours,
  bytes = release,
): Promise<string> => {
  const signer = { name: 'A signer', fingerprint: key.getFingerprint().toUpperCase(), file: '' }
  const facts = await signaturesByLibrary.read(bytes, armored, [key.toPublic().armor()])
  const found = judgeAll('nginx', [signer], facts, now)
  return isRefused(found) ? found.reason : 'accepted'
}

const revokedSubkey = async (flag: openpgp.enums.reasonForRevocation): Promise<openpgp.Key> => {
  const key = await openpgp.readPrivateKey({ armoredKey: ours.armor() })
  const [subkey] = key.subkeys
  const primary = key.keyPacket
  if (subkey === undefined || !(primary instanceof openpgp.SecretKeyPacket))
    throw new Error('no subkey')
  key.subkeys[0] = await subkey.revoke(primary, { flag, string: '' }, new Date(made + 30 * day))
  return key
}

describe('a signature of a release', () => {
  test('is valid by the primary key and by a subkey for signing', async () => {
    expect(await verdictOf(armoredOf(await packetBy(ours)))).toBe('accepted')
    expect(await verdictOf(armoredOf(await packetBy(ours, { nth: 1 })))).toBe('accepted')
  })

  test('is valid among signatures of others, in any order', async () => {
    const [good, other] = [await packetBy(ours), await packetBy(stranger)]
    expect(await verdictOf(armoredOf(good, other))).toBe('accepted')
    expect(await verdictOf(armoredOf(other, good))).toBe('accepted')
    expect(await verdictOf(armoredOf(other, other))).toContain('not a key of the nginx signers')
  })

  test('is refused if it is a text signature: line ends could be changed', async () => {
    const armored = armoredOf(await packetBy(ours, { type: text }))
    const changed = new TextEncoder().encode('a release\r\n'.repeat(100))
    expect(await verdictOf(armored, ours, changed)).toContain('not a signature of a file')
    expect(await verdictOf(armored)).toContain('not a signature of a file')
  })

  test('is refused if the subkey is not for signing', async () => {
    expect(await verdictOf(armoredOf(await packetBy(rsa)), rsa)).toBe('accepted')
    const armored = armoredOf(await packetBy(rsa, { nth: 1 }))
    expect(await verdictOf(armored, rsa)).toContain('not a signing key')
  })

  test.each(['keyCompromised', 'keySuperseded', 'keyRetired', 'noReason'] as const)(
    'is refused if the subkey was revoked (%s)',
    async (reason) => {
      const key = await revokedSubkey(openpgp.enums.reasonForRevocation[reason])
      for (const at of [made + day, made + 60 * day]) {
        const armored = armoredOf(await packetBy(ours, { nth: 1, at }))
        expect(await verdictOf(armored, key)).toContain('is revoked')
      }
    },
  )

  test('is refused if its hash can be forged', async () => {
    const hash = openpgp.enums.hash.sha1
    expect(await verdictOf(armoredOf(await packetBy(rsa, { hash })), rsa)).toContain(
      'can be forged',
    )
  })

  test('is refused if it is a signed text instead of a detached signature', async () => {
    const message = await openpgp.createCleartextMessage({ text: 'a release' })
    const date = new Date(made + day)
    const signed = await openpgp.sign({ message, signingKeys: ours, date })
    expect(await verdictOf(String(signed))).toContain('cannot be read')
    const whole = await openpgp.createMessage({ binary: release })
    const inline = await openpgp.sign({ message: whole, signingKeys: ours, date })
    expect(await verdictOf(String(inline))).toContain('cannot be read')
  })
})
