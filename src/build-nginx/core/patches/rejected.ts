import type { FileResult, PatchResult } from './dry-run.ts'

const hunkText = ({ path, rejects }: FileResult): readonly string[] =>
  rejects.map(({ hunk, reason, places, nearest }) => {
    const where = `hunk ${hunk.number} of ${path} (line ${hunk.at} of the patch${hunk.section === '' ? '' : `, ${hunk.section}`})`
    if (reason === 'ambiguous') return `${where} fits at several places: lines ${places.join(', ')}`
    if (nearest === null) return `${where} fits nowhere`
    const found = nearest.found === null ? 'the end of the file' : `"${nearest.found}"`
    return `${where} fits nowhere; ${nearest.matching} of its ${nearest.wanted} lines are around line ${nearest.line}, where "${nearest.expected}" should be and ${found} is`
  })

/** The same for a patch of which nothing may be shown: only where it does not fit. */
export const discreetPatchMessage = ({ name, files }: PatchResult, tree: string): string => {
  const lines = files.flatMap(({ rejects }) => rejects.map(({ hunk }) => hunk.at))
  const where = lines.length === 0 ? '' : ` (hunks in lines ${lines.join(', ')} of the patch)`
  return `${name} does not fit ${tree}${where}`
}

export const discreetPatchHelp =
  'the patch lies outside of the repository (--allow-outside): nothing that it says is shown'

/** Names patch, file, hunk and what is there instead. */
export const patchMessage = ({ name, state, files, problem }: PatchResult, tree: string): string =>
  state === 'unusable'
    ? `${name} ${problem?.message ?? 'cannot be used'}`
    : [
        `${name} does not fit ${tree}: it is applied exactly, or not at all`,
        ...files.flatMap(hunkText).map((line) => `  ${line}`),
      ].join('\n')

/** @param others what would fit instead. */
export const patchHelp = ({ problem }: PatchResult, others: readonly string[]): string =>
  others.length > 0
    ? `these are for other releases, or fit: ${others.join('; ')}`
    : (problem?.help ?? 'take a patch that was made for this release')
