import * as z from 'zod'
import type { Lock } from './lock.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const objectId = z.string().regex(/^[0-9a-f]{40,64}$/)

const proof = z.discriminatedUnion('how', [
  z.object({
    how: z.literal('pgp'),
    by: z.string(),
    fingerprint: z.string(),
    signedAt: z.string(),
  }),
  z.object({ how: z.literal('apt'), package: z.string(), version: z.string() }),
  z.object({ how: z.literal('package') }),
  z.object({ how: z.literal('sha256') }),
  z.object({ how: z.literal('commit') }),
  z.object({ how: z.literal('none') }),
])

const lockSchema = z.object({
  format: z.literal(1),
  inputs: z.record(
    z.string(),
    z.object({
      from: z.string(),
      sha256,
      commit: objectId.optional(),
      tree: objectId.optional(),
      verified: proof,
    }),
  ),
  toolchain: z.object({ cc: z.string() }),
})

/** @returns null for a text that is no lock. */
export const parseLock = (text: string): Lock | null => {
  try {
    return lockSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
