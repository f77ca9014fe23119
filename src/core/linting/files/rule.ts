import type { Findings } from '../../diagnostics/findings.ts'
import type { NginxView } from './nginx/view.ts'

/** Reports one kind of mistake in the files of nginx. */
export type NginxRule = (view: NginxView, findings: Findings) => void
