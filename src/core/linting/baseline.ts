import * as z from 'zod'
import type { Finding } from './finding.ts'

/** The findings that a project accepts for now: only others are reported. */
export interface Baseline {
  readonly fingerprints: ReadonlySet<string>
}

const document = z.object({
  formatVersion: z.literal(1),
  findings: z.array(z.object({ fingerprint: z.string() })),
})

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** @returns null for a text that is not a baseline of this format. */
export const readBaseline = (text: string): Baseline | null => {
  const { success, data } = document.safeParse(parsed(text))
  return success
    ? { fingerprints: new Set(data.findings.map(({ fingerprint }) => fingerprint)) }
    : null
}

/** One finding in a line, so that a review shows which were added and removed. */
export const formatBaseline = (findings: readonly Finding[]): string => {
  const lines = findings.map(({ fingerprint, code, location, message }) =>
    JSON.stringify({ fingerprint, code, file: location.file, line: location.line, message }),
  )
  const list = lines.length === 0 ? '' : `\n    ${lines.join(',\n    ')}\n  `
  return `{\n  "formatVersion": 1,\n  "findings": [${list}]\n}\n`
}

export interface Compared {
  /** The findings that the baseline does not have. */
  readonly fresh: readonly Finding[]
  readonly known: readonly Finding[]
  /** How many findings of the baseline are gone. */
  readonly gone: number
}

export const compareWithBaseline = (
  findings: readonly Finding[],
  { fingerprints }: Baseline,
): Compared => {
  const isKnown = ({ fingerprint }: Finding): boolean => fingerprints.has(fingerprint)
  const known = findings.filter(isKnown)
  return {
    fresh: findings.filter((each) => !isKnown(each)),
    known,
    gone: fingerprints.size - known.length,
  }
}
