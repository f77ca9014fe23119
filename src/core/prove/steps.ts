import type { LabProcess, ProcessFolder } from '../lab/program.ts'

/** A process that takes the place of others. */
export interface Replacement {
  /**
   * The names of the processes that stop first: the one with its port, and the one with its folder. One that is
   * in the way of two stops before the first of them starts.
   */
  readonly stops: readonly string[]
  readonly starts: LabProcess
}

/** What happens to the processes of one role between two clusters, in this order. */
export interface Steps {
  readonly added: readonly LabProcess[]
  readonly replaced: readonly Replacement[]
  /** The names of the processes that stop when the balancer does not use them any more. */
  readonly removed: readonly string[]
  /** The names of the processes that run on, by their ports. */
  readonly kept: ReadonlyMap<number, string>
}

export const portOf = ({ ready }: LabProcess): number => ready.ports[0] ?? 0

const filesOf = ({ files, folders, links }: ProcessFolder): unknown => [
  files.map(({ path, content }) => [
    path,
    typeof content === 'string' ? content : Array.from(content),
  ]),
  folders,
  links,
]

/** Whether two folders have the same content, so that it need not be written again. */
export const isSameFolder = (one: ProcessFolder, other: ProcessFolder): boolean =>
  one.name === other.name && JSON.stringify(filesOf(one)) === JSON.stringify(filesOf(other))

/** The command of a server without the name that the lab gives it: in its folder, and in its responses. */
const commandOf = ({ name, command }: LabProcess): string =>
  JSON.stringify({
    ...command,
    args: command.args.map((word) =>
      `${word}/`
        .replaceAll(`/${name}/`, '/<name>/')
        .replace(`-Dsessctl.server=${name}/`, '-Dsessctl.server=<name>/')
        .replace(`"server":${JSON.stringify(name)}`, '"server":"<name>"'),
    ),
  })

/** Whether a process would do the same after a restart; another name alone is no reason for one. */
export const isSameProcess = (one: LabProcess, other: LabProcess): boolean =>
  one.title === other.title &&
  JSON.stringify(filesOf(one)) === JSON.stringify(filesOf(other)) &&
  commandOf(one) === commandOf(other)

/** @param foreign the ports of processes that sessctl does not configure, so that no change restarts them. */
export const stepsBetween = (
  before: readonly LabProcess[],
  after: readonly LabProcess[],
  foreign: ReadonlySet<number> = new Set(),
): Steps => {
  const running = new Map(before.map((old) => [portOf(old), old]))
  const kept = new Map<number, string>()
  for (const planned of after) {
    const old = running.get(portOf(planned))
    if (old === undefined) continue
    // Its folder is needed for another server.
    const isInTheWay = after.some((one) => one.name === old.name && portOf(one) !== portOf(old))
    const isKept = isSameProcess(old, planned) && !isInTheWay
    if (isKept || foreign.has(portOf(planned))) kept.set(portOf(planned), old.name)
  }
  const taken = new Set<string>()
  const replaced: Replacement[] = []
  const added: LabProcess[] = []
  for (const planned of after) {
    if (kept.has(portOf(planned))) continue
    const inTheWay = before.filter(
      (old) =>
        !kept.has(portOf(old)) && (portOf(old) === portOf(planned) || old.name === planned.name),
    )
    const stops = inTheWay.map(({ name }) => name).filter((name) => !taken.has(name))
    for (const name of stops) taken.add(name)
    if (inTheWay.length === 0) added.push(planned)
    else replaced.push({ stops, starts: planned })
  }
  return {
    added,
    replaced,
    removed: before
      .filter((old) => !kept.has(portOf(old)) && !taken.has(old.name))
      .map(({ name }) => name),
    kept,
  }
}
