import type { Rule } from '../rule.ts'
import { urlNameMismatch } from './url-name-mismatch.ts'

/** Rules over the cluster, whatever the target; each has a bad and a good fixture. */
export const rules: readonly Rule[] = [urlNameMismatch]
