import type { FileResult, PatchResult } from './dry-run.ts'

const hunkText = ({ path, rejects }: FileResult): readonly string[] =>
  rejects.map(({ hunk, reason, places, nearest }) => {
    const where = `hunk ${hunk.number} of ${path} (line ${hunk.at} of the patch${hunk.section === '' ? '' : `, ${hunk.section}`})`
    if (reason === 'ambiguous') return `${where} fits at several places: lines ${places.join(', ')}`
    if (nearest === null) return `${where} fits nowhere`
    const found = nearest.found === null ? 'the end of the file' : `"${nearest.found}"`
    return `${where} fits nowhere; ${nearest.matching} of its ${nearest.wanted} lines are around line ${nearest.line}, where "${nearest.expected}" should be and ${found} is`
  })

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
