/** What a detached signature says, and how it stands to a key; times are milliseconds since 1970. */
export interface SignatureFacts {
  /** As the signature names it: a key id or a fingerprint, in capitals. */
  readonly issuer: string
  /** Fingerprint of the primary key among those given; null when none of them made it. */
  readonly signer: string | null
  /** The signature is of exactly these bytes. */
  readonly isOfBytes: boolean
  /** `sha256`, `sha1`… */
  readonly hash: string
  readonly signedAt: number
  /** Null: it was never valid for signing, or is revoked. */
  readonly keyFrom: number | null
  /** Null: it does not end. */
  readonly keyUntil: number | null
}

/** A file that should be a signature or a key and is none. */
export interface Unreadable {
  readonly unreadable: string
}
