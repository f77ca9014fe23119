import { type Diagnostic, reporterFor } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { modelCodes } from '../codes.ts'

export const report = reporterFor(modelCodes)

/** Collects what resolving finds: resolving goes on, so that all problems come at once. */
export type Issues = Diagnostic[]

/** To look for each of thousands of slips among thousands of names takes long, and nobody reads that many. */
const mostSuggestions = 100

/** The remedy for a name that is none of these. */
export const suggestion = (
  written: string,
  known: ReadonlyMap<string, unknown>,
  issues: Issues,
): string | null =>
  issues.length < mostSuggestions ? didYouMean(written, [...known.keys()]) : null
