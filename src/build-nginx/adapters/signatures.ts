import type { Key, PublicKey, SignaturePacket } from 'openpgp'
import type { SignatureFacts, Unreadable } from '../core/verify/facts.ts'
import type { Signatures } from '../ports/build.ts'

type Library = typeof import('openpgp')

/** Its exports are loaded when they are needed: they take longer than most runs. */
const library = (): Promise<Library> => import('openpgp')

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')

const ownerOf = (keys: readonly Key[], packet: SignaturePacket): Key | undefined =>
  keys.find((key) => key.getKeys(packet.issuerKeyID).length > 0)

/** After every date that a packet can hold. */
const anyTime = new Date(8.64e15)

const timeOf = (date: Date | number | null | undefined): number | null =>
  date instanceof Date ? date.getTime() : null

/** When the (sub)key that signed was good for it; `from` is null when it never was. */
const validity = async (
  openpgp: Library,
  key: Key,
  packet: SignaturePacket,
): Promise<{ readonly from: number | null; readonly until: number | null }> => {
  const signing = key.getKeys(packet.issuerKeyID)[0]
  const created = timeOf(signing?.getCreationTime()) ?? 0
  if (await key.isRevoked()) return { from: null, until: null }
  // Whatever the reason and the date: who has a revoked key can write any date.
  if (signing instanceof openpgp.Subkey && signing.revocationSignatures.length > 0)
    return { from: null, until: null }
  const ends = [await key.getExpirationTime()]
  if (signing !== undefined && signing !== key && 'getExpirationTime' in signing)
    ends.push(await signing.getExpirationTime())
  const until = ends.map(timeOf).filter((time) => time !== null)
  try {
    // Bindings and flags, at a moment when only they matter.
    await key.getSigningKey(packet.issuerKeyID, new Date(created + 1000))
  } catch {
    return { from: null, until: null }
  }
  return { from: created, until: until.length === 0 ? null : Math.min(...until) }
}

/** Only the bytes and the key: whether the key may speak is decided elsewhere, by the facts. */
const isOfBytes = async (
  openpgp: Library,
  packet: SignaturePacket,
  key: Key,
  bytes: Uint8Array,
): Promise<boolean> => {
  const keyPacket = key.getKeys(packet.issuerKeyID)[0]?.keyPacket
  if (keyPacket === undefined || packet.signatureType === null) return false
  const message = await openpgp.createMessage({ binary: bytes })
  const literal = message.packets.findPacket(openpgp.enums.packet.literalData)
  if (literal === undefined) return false
  const config = { ...openpgp.config, rejectMessageHashAlgorithms: new Set<never>() }
  try {
    await packet.verify(keyPacket, packet.signatureType, literal, anyTime, true, config)
    return true
  } catch {
    return false
  }
}

const factsOf = async (
  openpgp: Library,
  packet: SignaturePacket,
  keys: readonly Key[],
  bytes: Uint8Array,
): Promise<SignatureFacts | Unreadable> => {
  // Signatures of text allow other line ends than those that were signed.
  if (packet.signatureType !== openpgp.enums.signature.binary)
    return { unreadable: 'it is not a signature of a file' }
  const fingerprint = packet.issuerFingerprint
  const issuer =
    fingerprint === null ? packet.issuerKeyID.toHex() : Buffer.from(fingerprint).toString('hex')
  const key = ownerOf(keys, packet)
  const hash =
    packet.hashAlgorithm === null
      ? 'none'
      : openpgp.enums.read(openpgp.enums.hash, packet.hashAlgorithm)
  const common = {
    issuer: issuer.toUpperCase(),
    hash,
    signedAt: timeOf(packet.created) ?? 0,
  }
  if (key === undefined)
    return { ...common, signer: null, isOfBytes: false, keyFrom: null, keyUntil: null }
  const { from, until } = await validity(openpgp, key, packet)
  return {
    ...common,
    signer: key.getFingerprint().toUpperCase(),
    isOfBytes: await isOfBytes(openpgp, packet, key, bytes),
    keyFrom: from,
    keyUntil: until,
  }
}

/** Each of them is checked against all bytes; a release has one or two. */
const mostPackets = 8

/** OpenPGP by a library: the same answer on every host, with or without gpg, and no keyring of the user's. */
export const signaturesByLibrary: Signatures = {
  read: async (bytes, armored, armoredKeys) => {
    const openpgp = await library()
    const keys: PublicKey[] = []
    for (const armoredKey of armoredKeys)
      keys.push(...(await openpgp.readKeys({ armoredKeys: armoredKey })))
    try {
      const signature = await openpgp.readSignature({ armoredSignature: armored })
      const packets = signature.packets.slice(0, mostPackets)
      if (packets.length === 0) return [{ unreadable: 'it has no signature' }]
      return await Promise.all(packets.map((packet) => factsOf(openpgp, packet, keys, bytes)))
    } catch (error) {
      return [{ unreadable: reasonOf(error) }]
    }
  },
}
