import { type Diagnostic, reporterFor } from '../../diagnostics/diagnostic.ts'
import { modelCodes } from '../codes.ts'

export const report = reporterFor(modelCodes)

/** Collects what resolving finds: resolving goes on, so that all problems come at once. */
export type Issues = Diagnostic[]
