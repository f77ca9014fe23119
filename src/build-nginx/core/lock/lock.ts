/** How it is known that an input is what it should be. */
export type Proof =
  /** A signature by one of the component's own signers. */
  | {
      readonly how: 'pgp'
      readonly by: string
      readonly fingerprint: string
      /** ISO 8601. */
      readonly signedAt: string
    }
  /** Signed by Debian's archive: Release → Sources → the file's sha256. */
  | { readonly how: 'apt'; readonly package: string; readonly version: string }
  /** It came with sessctl. */
  | { readonly how: 'package' }
  /** Its sha256 was known before: from the lock, or from the command line. */
  | { readonly how: 'sha256' }
  /** git's own hash of the commit that was named. */
  | { readonly how: 'commit' }
  /** It is what stood there the first time. */
  | { readonly how: 'none' }

export interface LockedInput {
  /** As sourceText() names it. */
  readonly from: string
  /** Of the tarball, or of a folder's contents. */
  readonly sha256: string
  readonly commit?: string | undefined
  readonly tree?: string | undefined
  readonly verified: Proof
}

/** nginx.lock: what a build was made of, by the names of its inputs. */
export interface Lock {
  readonly format: 1
  readonly inputs: Readonly<Record<string, LockedInput>>
  readonly toolchain: { readonly cc: string }
}

export type Level = 'pgp' | 'sha256' | 'commit' | 'none'

const levels: Readonly<Record<Proof['how'], Level>> = {
  pgp: 'pgp',
  apt: 'pgp',
  package: 'pgp',
  sha256: 'sha256',
  commit: 'commit',
  none: 'none',
}
const ranks: readonly Level[] = ['none', 'commit', 'sha256', 'pgp']

export const levelOf = ({ how }: Proof): Level => levels[how]
export const isEnough = (proof: Proof, least: Level): boolean =>
  ranks.indexOf(levelOf(proof)) >= ranks.indexOf(least)

/** Same inputs, same bytes: names in order, and no time of writing. */
export const lockText = ({ format, inputs, toolchain }: Lock): string => {
  const sorted = Object.fromEntries(
    Object.entries(inputs)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, { from, sha256, commit, tree, verified }]) => [
        name,
        { from, sha256, commit, tree, verified },
      ]),
  )
  return `${JSON.stringify({ format, inputs: sorted, toolchain }, null, 2)}\n`
}
