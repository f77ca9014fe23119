import type { Context } from '../../context.ts'
import { compareFile, type FileChange } from '../../core/diff/compare.ts'
import { spellingsOf } from '../../core/diff/mask.ts'
import { fixesOf } from '../../core/linting/finding.ts'
import type { Checked } from './checked.ts'

/** A remedy may make another one possible; more rounds are not expected. */
const mostRounds = 10

const errorsIn = ({ findings }: Checked): number =>
  findings.filter(({ severity }) => severity === 'error').length

export interface Fixed {
  readonly before: Checked
  /** The file with all certain remedies applied. */
  readonly after: Checked
  readonly edits: number
}

/**
 * Applies the certain remedies of a file, and checks the result again. Edits after which there would be
 * more errors are not made.
 */
export const fixed = async (
  before: Checked,
  check: (bytes: Uint8Array) => Promise<Checked>,
): Promise<Fixed> => {
  let after = before
  let count = 0
  for (let round = 0; round < mostRounds; round++) {
    const own = after.findings.filter(({ location }) => location.file === after.file)
    const edits = fixesOf(own)
    if (edits.length === 0) break
    const next = await check(after.edited(edits))
    if (errorsIn(next) > errorsIn(after)) break
    after = next
    count += edits.length
  }
  return { before, after, edits: count }
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

/** @param place absolute. @throws IoError when a file cannot be written. */
export const writeFixed = async (
  { before, after }: Fixed,
  place: string,
  { files }: Context,
): Promise<void> => {
  await files.rewrite(place, before.bytes, after.bytes)
}
