import { BuildError } from '../../../errors.ts'
import { sha256Hex } from '../../core/digest.ts'
import { looseness, provenBy, refusal } from '../../core/lock/check.ts'
import { type LockedInput, levelOf, type Proof } from '../../core/lock/lock.ts'
import { warning } from '../../core/plan/advice.ts'
import { isRefused, judgeAll } from '../../core/verify/judge.ts'
import { type Component, signers } from '../../core/verify/signers.ts'
import { readRecord } from '../cache.ts'
import type { StepTools, StepWork } from '../engine.ts'
import type { Job } from '../job.ts'
import { readKeys } from '../package-files.ts'
import type { Fetched } from '../sources/fetched.ts'
import { folderDigest, wantedOf } from '../trees.ts'

export interface Verified {
  readonly fetched: Fetched
  readonly locked: LockedInput
  /** What vouches for it by itself, whatever nginx.lock knew. */
  readonly own: Proof
}

const components: Readonly<Record<Fetched['input']['kind'], Component | null>> = {
  nginx: 'nginx',
  openssl: 'openssl',
  pcre: 'pcre2',
  zlib: 'zlib',
  module: null,
}

/** A signer that this sessctl no longer knows vouches for nothing, whatever an earlier one wrote. */
const isProofFor = (component: Component, value: unknown): value is Proof =>
  typeof value === 'object' &&
  value !== null &&
  'how' in value &&
  value.how === 'pgp' &&
  'fingerprint' in value &&
  signers[component].some(({ fingerprint }) => fingerprint === value.fingerprint)

/** Remembered for exactly these bytes: OpenPGP takes longer than all else of a build that is a look-up. */
const remembered = async (
  component: Component,
  sha256: string,
  { cache, world: { disk } }: Job,
): Promise<Proof | null> => {
  const value = await readRecord(cache.proof(component, sha256), disk)
  return isProofFor(component, value) ? value : null
}

/** @throws BuildError when the signature does not vouch for the bytes. */
const bySignature = async (
  { from, content }: Fetched,
  armored: string,
  component: Component,
  job: Job,
): Promise<Proof> => {
  if (content.kind !== 'archive')
    throw new BuildError(`${from} is not an archive and cannot have a signature`)
  const known = await remembered(component, content.sha256, job)
  if (known !== null) return known
  const { disk, signatures, clock } = job.world
  const keys = await readKeys(job.world, component)
  const bytes = await disk.read(content.path)
  if (sha256Hex(bytes) !== content.sha256)
    throw new BuildError(`${from} is refused: it was changed while it was read`)
  const found = await signatures.read(bytes, armored, keys)
  const verdict = judgeAll(component, signers[component], found, clock.now())
  if (isRefused(verdict))
    throw new BuildError(`${from} is refused: ${verdict.reason}`, { help: verdict.help })
  const { signer, signedAt } = verdict
  const proof: Proof = {
    how: 'pgp',
    by: signer.name,
    fingerprint: signer.fingerprint,
    signedAt: new Date(signedAt).toISOString(),
  }
  await disk.write(job.cache.proof(component, content.sha256), JSON.stringify(proof))
  return proof
}

const proofOf = async (fetched: Fetched, job: Job): Promise<Proof> => {
  const { input, signature, from, expected, checkout, debian } = fetched
  const component = components[input.kind]
  const hasSigners = component !== null && signers[component].length > 0
  if (signature !== null && hasSigners) {
    const proof = await bySignature(fetched, signature, component, job)
    // The upstream part is signed by its author, all of it by Debian.
    if (debian === null) return proof
  }
  if (debian !== null) return { how: 'apt', package: debian.name, version: debian.version }
  if (input.source.kind === 'release') {
    throw new BuildError(`${from} is refused: it has no signature (${from}.asc)`, {
      help: 'use another mirror, or try again later: every release of nginx and OpenSSL has a signature',
    })
  }
  if (input.source.kind === 'bundled') return { how: 'package' }
  if (expected !== null) return { how: 'sha256' }
  return checkout === null ? { how: 'none' } : { how: 'commit' }
}

const words: Readonly<Record<Proof['how'], (proof: Proof) => string>> = {
  pgp: (proof) =>
    proof.how === 'pgp' ? `signed by ${proof.by} on ${proof.signedAt.slice(0, 10)}` : '',
  apt: (proof) =>
    proof.how === 'apt' ? `${proof.package} ${proof.version}, signed by Debian's archive` : '',
  package: () => 'comes with sessctl',
  sha256: () => 'it has the expected sha256',
  commit: () => 'it is the given commit',
  none: () => 'not verified; recorded in nginx.lock from now on',
}

const verifyOne = async (
  fetched: Fetched,
  job: Job,
  { say, advise }: StepTools,
): Promise<Verified> => {
  const { content, checkout, from, input } = fetched
  const sha256 =
    content.kind === 'archive'
      ? content.sha256
      : await folderDigest(content.path, job.world.disk, wantedOf(fetched))
  const found: LockedInput = {
    from,
    sha256,
    ...(checkout === null ? {} : { commit: checkout.commit, tree: checkout.tree }),
    verified: await proofOf(fetched, job),
  }
  const { lock, request } = job
  const locked = { ...found, verified: provenBy(input.name, found, lock) }
  // What comes with sessctl is not in the lock: it is as new as sessctl.
  const isBundled = input.source.kind === 'bundled'
  const isFrozen = request.isFrozen && !isBundled
  const policy = { isFrozen, least: request.leastLevel }
  const isMeant = isBundled || (request.isUpdate && !isFrozen)
  const refused = refusal(input.name, locked, isMeant ? null : lock, policy)
  if (refused !== null) throw new BuildError(refused.message, { help: refused.help })
  const loose = request.isUpdate ? null : looseness(input.name, locked, lock)
  if (loose !== null)
    advise(warning(loose, 'review the change of nginx.lock; --frozen builds only what it lists'))
  say(
    `${input.name}: ${words[locked.verified.how](locked.verified)} (${levelOf(locked.verified)}, sha256 ${sha256})`,
  )
  return { fetched, locked, own: found.verified }
}

/** Believes an input, and says why; or ends the build before anything of it is used. */
export const verify =
  (fetched: readonly Fetched[], job: Job): StepWork<readonly Verified[]> =>
  async (tools) => {
    const verified: Verified[] = []
    for (const one of fetched) verified.push(await verifyOne(one, job, tools))
    const [nginx] = verified
    const proof = nginx?.locked.verified
    return {
      value: verified,
      summary: proof === undefined ? '' : `nginx: ${words[proof.how](proof)}`,
      isCached: false,
    }
  }
