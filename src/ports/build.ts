import type { SignatureFacts, Unreadable } from '../core/build/verify/facts.ts'

/** What building asks of the world, beside src/ports.ts. */

export interface Signatures {
  /**
   * Reads a detached signature of a file.
   * @param armored the text of the signature.
   * @param armoredKeys the keys that may have made it.
   */
  readonly read: (
    bytes: Uint8Array,
    armored: string,
    armoredKeys: readonly string[],
  ) => Promise<SignatureFacts | Unreadable>
}
