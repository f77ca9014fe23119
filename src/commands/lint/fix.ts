import type { Context } from '../../context.ts'
import { compareFile, type FileChange } from '../../core/diff/compare.ts'
import { spellingsOf } from '../../core/diff/mask.ts'
import { fixesOf } from '../../core/linting/finding.ts'
import type { Check, Checked, CheckedFile } from './checked.ts'

/** A remedy may make another one possible; more rounds are not expected. */
const mostRounds = 10

const errorsIn = ({ findings }: Checked): number =>
  findings.filter(({ severity }) => severity === 'error').length

/** A file with all certain remedies applied. */
export interface Fixed {
  readonly before: CheckedFile
  readonly after: CheckedFile
}

export interface Outcome {
  readonly checked: Checked
  readonly changed: readonly Fixed[]
}

/** The files with the certain remedies of this round, by their paths. */
const editsOf = ({ files, findings }: Checked): ReadonlyMap<string, Uint8Array> =>
  new Map(
    files.flatMap(({ file, path, edited }) => {
      const edits = fixesOf(findings.filter(({ location }) => location.file === file))
      return edits.length === 0 ? [] : [[path, edited(edits)] as const]
    }),
  )

/**
 * Applies the certain remedies, and checks the result again. Edits after which there would be more
 * errors are not made.
 */
export const withFixes = async (check: Check, isFixing: boolean): Promise<Outcome> => {
  const before = await check(new Map())
  if (!isFixing) return { checked: before, changed: [] }
  let after = before
  let contents: ReadonlyMap<string, Uint8Array> = new Map()
  for (let round = 0; round < mostRounds; round++) {
    const edits = editsOf(after)
    if (edits.size === 0) break
    const tried = new Map([...contents, ...edits])
    const next = await check(tried)
    if (errorsIn(next) > errorsIn(after)) break
    after = next
    contents = tried
  }
  const changed = after.files.flatMap((file) => {
    const old = before.files.find(({ path }) => path === file.path)
    return old === undefined || !contents.has(file.path) ? [] : [{ before: old, after: file }]
  })
  return { checked: after, changed }
}

/** The changes of --fix as a diff, without secrets. */
export const changeOf = ({ before, after }: Fixed): FileChange =>
  compareFile(
    {
      path: before.file,
      before: before.bytes,
      after: after.bytes,
      markedBefore: null,
      markedAfter: null,
      shape: null,
      openMode: null,
    },
    { markers: [], spellings: spellingsOf([...before.secrets, ...after.secrets]) },
    3,
  )

/** @throws IoError when a file cannot be written. */
export const writeFixed = async (changed: readonly Fixed[], { files }: Context): Promise<void> => {
  for (const { before, after } of changed)
    await files.rewrite(before.path, before.bytes, after.bytes)
}
