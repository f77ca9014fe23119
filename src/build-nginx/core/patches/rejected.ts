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

/**
 * @param others what would fit instead.
 * @param fuzz with which it would apply; null when it would not, or may not be changed.
 * @param isDistribution patches of a distribution were applied before it.
 */
export const patchHelp = (
  { problem }: PatchResult,
  others: readonly string[],
  fuzz: number | null,
  isDistribution: boolean,
): string => {
  const helps = [
    ...(others.length > 0
      ? [`these patches are for other releases, or apply: ${others.join('; ')}`]
      : []),
    ...(fuzz === null
      ? []
      : [
          `it would apply with fuzz ${fuzz}: --rebase-patch writes it again for this source, as a file to review`,
        ]),
  ]
  if (helps.length > 0) return helps.join('\n')
  if (problem?.help != null) return problem.help
  // A patch that is named for this release was made for the source of nginx.org.
  return `change the patch by hand, or take one from a newer version of its module: leaving out context does not help${isDistribution ? '; a patch for the release of nginx.org may not fit the changes of the distribution (--source)' : ''}`
}
