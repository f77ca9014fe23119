import * as z from 'zod'
import type { Misread } from '../sources/parse.ts'
import type { Lock } from './lock.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const objectId = z.string().regex(/^[0-9a-f]{40,64}$/)

const proof = z.discriminatedUnion('how', [
  z.strictObject({
    how: z.literal('pgp'),
    by: z.string(),
    fingerprint: z.string(),
    signedAt: z.string(),
  }),
  z.strictObject({ how: z.literal('apt'), package: z.string(), version: z.string() }),
  z.strictObject({ how: z.literal('package') }),
  z.strictObject({ how: z.literal('sha256') }),
  z.strictObject({ how: z.literal('commit') }),
  z.strictObject({ how: z.literal('none') }),
])

const lockSchema = z.strictObject({
  format: z.literal(1),
  inputs: z.record(
    z.string(),
    z.strictObject({
      from: z.string(),
      sha256,
      commit: objectId.optional(),
      tree: objectId.optional(),
      verified: proof,
    }),
  ),
  toolchain: z.strictObject({ cc: z.string() }),
})

export const mostLockBytes = 1_048_576

const anyFormat = z.object({ format: z.int().min(2) })

/** Blanks between texts go: what is left is one text for one value. */
const withoutBlanks = (text: string): string =>
  text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, word: string | undefined) => word ?? '')

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const misread = (what: string, help: string): Misread => ({ misread: what, help })

const again = 'restore it from version control, or remove it'

/** Reads nginx.lock, and refuses what a reader could take for something else than it is. */
export const parseLock = (text: string): Lock | Misread => {
  if (text.length > mostLockBytes) return misread('is larger than 1 MiB', again)
  const value = parseJson(text)
  if (anyFormat.safeParse(value).success)
    return misread(
      'was written by a newer sessctl',
      'use that release of sessctl, or remove the file',
    )
  const { data, error } = lockSchema.safeParse(value)
  if (error !== undefined) {
    const [issue] = error.issues
    const place = issue?.path.join('.') ?? ''
    return misread(`is not a valid nginx.lock${place === '' ? '' : `: check ${place}`}`, again)
  }
  if (JSON.stringify(value) !== withoutBlanks(text))
    return misread('has a duplicate key, or hides text in escape sequences', again)
  return data
}
