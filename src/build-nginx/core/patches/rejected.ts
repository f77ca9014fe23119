import type { FileResult, PatchResult } from './dry-run.ts'

const hunkText = ({ path, rejects }: FileResult): readonly string[] =>
  rejects.map(({ hunk, reason, places, nearest }) => {
    const where = `hunk ${hunk.number} of ${path} (line ${hunk.at} of the patch${hunk.section === '' ? '' : `, ${hunk.section}`})`
    if (reason === 'ambiguous') return `${where} matches several places: lines ${places.join(', ')}`
    if (nearest === null) return `${where} matches nowhere`
    const found = nearest.found === null ? 'the end of the file' : `"${nearest.found}"`
    return `${where} matches nowhere; ${nearest.matching} of its ${nearest.wanted} lines match near line ${nearest.line}: expected "${nearest.expected}", found ${found}`
  })

/** The same for a patch of which nothing may be shown: only where it does not fit. */
export const discreetPatchMessage = ({ name, files }: PatchResult, tree: string): string => {
  const lines = files.flatMap(({ rejects }) => rejects.map(({ hunk }) => hunk.at))
  const where = lines.length === 0 ? '' : ` (hunks in lines ${lines.join(', ')} of the patch)`
  return `${name} does not apply to ${tree}${where}`
}

export const discreetPatchHelp =
  'the patch is outside of the repository (--allow-outside), so its content is not shown'

/** Names patch, file, hunk and what is there instead. */
export const patchMessage = ({ name, state, files, problem }: PatchResult, tree: string): string =>
  state === 'unusable'
    ? `${name} ${problem?.message ?? 'cannot be used'}`
    : [
        `${name} does not apply to ${tree}: patches are applied without fuzz`,
        ...files.flatMap(hunkText).map((line) => `  ${line}`),
      ].join('\n')

/** @param others what would fit instead. */
export const patchHelp = ({ problem }: PatchResult, others: readonly string[]): string =>
  others.length > 0
    ? `these patches are for other releases, or apply: ${others.join('; ')}`
    : (problem?.help ?? 'use a patch for this release')
