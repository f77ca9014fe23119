import type { SignatureFacts, Unreadable } from './facts.ts'
import type { Component, Signer } from './signers.ts'

export interface Accepted {
  readonly signer: Signer
  readonly signedAt: number
}

export interface Refused {
  readonly reason: string
  readonly help: string
}

const day = 86_400_000
const dateText = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** Two texts with the same MD5 can be made by anybody since 2005, with the same SHA-1 since 2017. */
const strongHashes = new Set(['sha256', 'sha384', 'sha512', 'sha3_256', 'sha3_512'])
const lastSha1 = Date.UTC(2017, 1, 23)

const elsewhere = 'download the source and its .asc again from the project, or set another --source'

const refused = (reason: string, help = elsewhere): Refused => ({ reason, help })

/**
 * Whether a signature vouches for a component. A release is signed once and downloaded for years:
 * what counts is that the key was good when it signed. A key that has expired since still speaks
 * for what it signed before; whatever it signs after its end is refused.
 */
export const judge = (
  component: Component,
  allowed: readonly Signer[],
  facts: SignatureFacts | Unreadable,
  now: number,
): Accepted | Refused => {
  if ('unreadable' in facts) return refused(`its signature cannot be read: ${facts.unreadable}`)
  const signer = allowed.find(({ fingerprint }) => fingerprint === facts.signer)
  if (signer === undefined) {
    return refused(
      `it is signed by the key ${facts.issuer}, which is not a key of the ${component} signers`,
      `known keys: ${allowed.map(({ name, fingerprint }) => `${name} (${fingerprint})`).join(', ')}; a newer sessctl may know more`,
    )
  }
  const by = `${signer.name} (${signer.fingerprint})`
  if (!facts.isOfBytes) {
    return refused(`the signature of ${by} does not match: the file was changed or is incomplete`)
  }
  const isWeak =
    !strongHashes.has(facts.hash) && !(facts.hash === 'sha1' && facts.signedAt < lastSha1)
  if (isWeak) return refused(`its signature uses ${facts.hash}, which can be forged`)
  const { signedAt, keyFrom, keyUntil } = facts
  if (signedAt > now + day)
    return refused(`its signature is dated ${dateText(signedAt)}, which is in the future`)
  if (keyFrom === null) return refused(`the key of ${by} is revoked, or is not a signing key`)
  if (signedAt < keyFrom) return refused(`it was signed before the key of ${by} was created`)
  if (keyUntil !== null && signedAt >= keyUntil) {
    return refused(
      `it was signed on ${dateText(signedAt)}, after the key of ${by} had expired on ${dateText(keyUntil)}`,
    )
  }
  return { signer, signedAt }
}

/**
 * Of several signatures one is enough, whoever made the others. Without one, the reason is that of
 * a signature by a known signer.
 */
export const judgeAll = (
  component: Component,
  allowed: readonly Signer[],
  found: readonly (SignatureFacts | Unreadable)[],
  now: number,
): Accepted | Refused => {
  const isKnown = (facts: SignatureFacts | Unreadable): boolean =>
    'signer' in facts && allowed.some(({ fingerprint }) => fingerprint === facts.signer)
  const sorted = [...found.filter(isKnown), ...found.filter((facts) => !isKnown(facts))]
  const verdicts = sorted.map((facts) => judge(component, allowed, facts, now))
  return (
    verdicts.find((verdict) => !isRefused(verdict)) ??
    verdicts[0] ??
    refused('the signature file has no signature')
  )
}

export const isRefused = (verdict: Accepted | Refused): verdict is Refused => 'reason' in verdict
