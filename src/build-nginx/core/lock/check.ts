import { isEnough, type Level, type Lock, type LockedInput, levelOf, type Proof } from './lock.ts'

export interface LockPolicy {
  /** Everything must be in the lock, exactly. */
  readonly isFrozen: boolean
  readonly least: Level
}

export interface LockRefusal {
  readonly message: string
  readonly help: string
}

const levelWords: Readonly<Record<Level, string>> = {
  pgp: 'a signature',
  sha256: 'a sha256 that was known before',
  commit: 'a commit',
  none: 'nothing',
}

const vouched = (name: string, level: Level): string =>
  level === 'none' ? `${name} is not verified` : `${name} is verified by ${levelWords[level]} only`

/** A sha256 that the lock has already is a proof of its own, where there is no better one. */
export const provenBy = (name: string, input: LockedInput, lock: Lock | null): Proof => {
  const locked = lock?.inputs[name]
  const isKnown = locked?.from === input.from && locked.sha256 === input.sha256
  return isKnown && !isEnough(input.verified, 'sha256') ? { how: 'sha256' } : input.verified
}

/**
 * What speaks against an input, once its own signature or hash was checked.
 * @param lock null when there is no nginx.lock.
 */
export const refusal = (
  name: string,
  input: LockedInput,
  lock: Lock | null,
  { isFrozen, least }: LockPolicy,
): LockRefusal | null => {
  const locked = lock?.inputs[name]
  if (isFrozen && locked === undefined) {
    return {
      message: `${name} is not in nginx.lock`,
      help: 'build once without --frozen, review the change of nginx.lock and commit it',
    }
  }
  if (locked !== undefined && locked.from !== input.from) {
    if (!isFrozen) return weakness(name, input, least)
    return {
      message: `${name}: nginx.lock has the source ${locked.from}, this build uses ${input.from}`,
      help: 'build once without --frozen to accept the new source',
    }
  }
  if (locked !== undefined && locked.sha256 !== input.sha256) {
    return {
      message: `${name} differs from nginx.lock: expected sha256 ${locked.sha256}, found ${input.sha256}`,
      help: `find out why ${input.from} changed; if the change is intended, remove "${name}" from nginx.lock`,
    }
  }
  return weakness(name, input, least)
}

/**
 * What the lock no longer holds an input to, though it is there: another origin, or no entry. A
 * signature speaks for itself.
 */
export const looseness = (name: string, input: LockedInput, lock: Lock | null): string | null => {
  if (lock === null || isEnough(input.verified, 'pgp')) return null
  const locked = lock.inputs[name]
  if (locked === undefined)
    return `${name} is not in nginx.lock: ${vouched(name, levelOf(input.verified))}`
  if (locked.from === input.from) return null
  return `nginx.lock has the source ${locked.from} for ${name}, this build uses ${input.from}: ${vouched(name, levelOf(input.verified))}`
}

const weakness = (name: string, { verified }: LockedInput, least: Level): LockRefusal | null =>
  isEnough(verified, least)
    ? null
    : {
        message: `${vouched(name, levelOf(verified))}, and --min-verify requires ${levelWords[least]}`,
        help: 'use a signed source, or append #sha256=HASH to its URL',
      }
