import type { ReadFiles } from '../outside.ts'
import type { ArtifactCheck } from './check.ts'

const why = 'it comes from a file outside of the repository (--allow-outside)'

/**
 * What a server says of a file that is made from one outside of the repository may quote it: the place
 * and the verdict are left.
 */
export const withoutContent = (check: ArtifactCheck, { outside }: ReadFiles): ArtifactCheck => {
  if (outside.size === 0 || check.dialect !== 'tomcat') return check
  const notes = check.status === 'not-checked' ? check.notes.slice(0, 1) : check.notes
  return {
    ...check,
    notes: notes.length === 0 ? [] : [`what is noted of it is not shown: ${why}`],
    findings: check.findings.map((finding) => ({
      ...finding,
      message: `the server objects to this; what it says is not shown: ${why}`,
      lineText: null,
    })),
  }
}
