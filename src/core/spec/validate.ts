import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problemsOf } from './problems.ts'
import { type Spec, specSchema } from './schema/index.ts'

type Validated =
  | { readonly success: true; readonly data: Spec }
  | { readonly success: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Plain data → spec with its defaults, or all that is wrong with it.
 * The bundle has this compiled, and this itself only for what that refuses: see
 * scripts/validators-plugin.mjs.
 */
export const validateSpec = (data: unknown): Validated => {
  const result = specSchema.safeParse(data)
  return result.success
    ? { success: true, data: result.data }
    : { success: false, diagnostics: problemsOf(result.error, data) }
}
