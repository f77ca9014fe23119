import { type Generation, type Journal, previousName } from './journal.ts'

type Kept = Generation['files'][number]

/** A file of an older version, which gave the name `….sessctl-previous` to a newer one. */
export const agedName = (to: string, replacedAt: string): string =>
  `${previousName(to)}-${replacedAt.replace(/[-:]|\.\d+/g, '')}`

/** What `--rollback` can return to after a finished upgrade, the newest first. */
export const generationsOf = (journal: Journal | null): readonly Generation[] => {
  if (journal?.end !== 'done') return []
  const files = journal.entries.flatMap(({ to, old }) =>
    old === null ? [] : [{ to, identity: old }],
  )
  const { startedAt: replacedAt, from: release, generations } = journal
  return files.length === 0 ? generations : [{ replacedAt, release, files }, ...generations]
}

/** A generation that is removed leaves to the one before it the files that both have in common. */
const without = (all: readonly Generation[], index: number): readonly Generation[] => {
  const removed = all[index]
  return all.flatMap((one, at) => {
    if (at === index) return []
    if (at !== index + 1 || removed === undefined) return [one]
    const inherited = removed.files.filter(({ to }) => !one.files.some((own) => own.to === to))
    return [{ ...one, files: [...one.files, ...inherited] }]
  })
}

export type History = Pick<Journal, 'generations' | 'discarded'>

/**
 * The versions that a new upgrade keeps beside the one that it replaces, and the files that it removes when it
 * is done.
 * @param restored the index of the generation that the new upgrade returns to; null: none.
 * @param keep how many versions are kept, with the one that is replaced.
 */
export const historyAfter = (
  before: readonly Generation[],
  restored: number | null,
  keep: number,
): History => {
  const generations = (restored === null ? before : without(before, restored)).slice(0, keep - 1)
  const identities = generations.flatMap(({ files }) => files.map(({ identity }) => identity))
  const discarded = before
    .flatMap(({ replacedAt, files }) => files.map((file) => ({ ...file, replacedAt })))
    .filter(({ identity }) => !identities.includes(identity))
  return { generations: [...generations], discarded }
}

/**
 * The files that return an nginx to a generation: of each file the version that it had then.
 * @param index 0: the newest.
 */
export const filesOfGeneration = (
  all: readonly Generation[],
  index: number,
): readonly (Kept & { readonly replacedAt: string })[] => {
  const found = new Map<string, Kept & { readonly replacedAt: string }>()
  // An older version of a file is the one that counts.
  for (const { files, replacedAt } of all.slice(0, index + 1))
    for (const file of files) found.set(file.to, { ...file, replacedAt })
  return [...found.values()]
}
