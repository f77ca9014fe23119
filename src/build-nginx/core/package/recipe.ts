import { sha256Hex } from '../digest.ts'

/** What an nginx is made of; nothing of when, where, by whom, or how it was verified. */
export interface Recipe {
  readonly release: string
  /** By the names of the inputs, the sha256 of what each of them holds. */
  readonly sources: Readonly<Record<string, string>>
  /** sha256 of each patch, in the order in which they are applied. */
  readonly patches: readonly string[]
  readonly configure: readonly string[]
  /** Of --env; not there without it. */
  readonly environment?: Readonly<Record<string, string>>
  readonly compiler: string
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]))
}

/** One text for one value, as `jq -cjS` writes it: anybody can count the digest again. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value))

const shown = 16

/** What `nginx -v` shows in brackets: the beginning of the recipe's sha256. */
export const buildName = (recipe: Recipe): string =>
  `sessctl-${sha256Hex(canonicalJson(recipe)).slice(0, shown)}`

export const buildNamePattern: RegExp = new RegExp(`\\bsessctl-[0-9a-f]{${shown}}\\b`, 'g')
