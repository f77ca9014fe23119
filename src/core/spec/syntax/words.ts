import type * as z from 'zod'
import { specSchema } from '../schema/index.ts'

interface Definition {
  readonly innerType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
}

const collect = (schema: z.core.$ZodType, words: Set<string>): ReadonlySet<string> => {
  const { innerType, options, shape, valueType, element } = schema._zod.def as Definition
  for (const key of Object.keys(shape ?? {})) words.add(key)
  for (const below of [
    innerType,
    valueType,
    element,
    ...(options ?? []),
    ...Object.values(shape ?? {}),
  ])
    if (below) collect(below, words)
  return words
}

let known: ReadonlySet<string> | null = null

/** A word of a text as a message may show it: only keys of the spec, because any other may be part of a secret. */
export const quotedKey = (word: string): string | null => {
  known ??= collect(specSchema, new Set())
  return known.has(word) ? `"${word}"` : null
}
