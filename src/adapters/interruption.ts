import type { Commit, Exec, Git, Output, Workspace } from '../ports.ts'

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * What SIGINT, SIGTERM and SIGHUP do. While something is under way that has to be cleaned up, the first
 * one aborts `signal`; at any other time, and from the second one on, they end the process at once. A
 * handler of JavaScript does not run while a computation does, so none is installed around one.
 */
export interface Interruption {
  readonly signal: AbortSignal
  /** The signal that came; null: none. */
  readonly caught: () => NodeJS.Signals | null
  /** Lets a signal abort the work, until it is done. */
  readonly guard: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** The same until the process ends. */
  readonly guardAll: () => void
}

export const interruption = (): Interruption => {
  const abort = new AbortController()
  let guarded = 0
  let caught: NodeJS.Signals | null = null
  const release = (): void => {
    for (const name of names) process.off(name, onSignal)
  }
  const onSignal = (name: NodeJS.Signals): void => {
    caught = name
    release()
    abort.abort()
  }
  const guardAll = (): void => {
    if (guarded++ === 0 && caught === null) for (const name of names) process.on(name, onSignal)
  }
  const guard = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    guardAll()
    try {
      return await work()
    } finally {
      if (--guarded === 0) release()
    }
  }
  return { signal: abort.signal, caught: () => caught, guard, guardAll }
}

type Guard = Interruption['guard']

export const guardedOutput = (output: Output, guard: Guard): Output => ({
  ...output,
  change: (...args) => guard(() => output.change(...args)),
})

export const guardedWorkspace = (workspace: Workspace, guard: Guard): Workspace => ({
  runner: workspace.runner,
  within: (work, account) => guard(() => workspace.within(work, account)),
})

export const guardedExec = (exec: Exec, guard: Guard): Exec => ({
  run: (...args) => guard(() => exec.run(...args)),
  runUntil: (...args) => guard(() => exec.runUntil(...args)),
})

const guardedCommit = (commit: Commit, guard: Guard): Commit => ({
  ...commit,
  read: (path) => guard(() => commit.read(path)),
  nameBefore: (path, later) => guard(() => commit.nameBefore(path, later)),
  readWebapp: (path) => guard(() => commit.readWebapp(path)),
  readConf: (folder) => guard(() => commit.readConf(folder)),
  readConfig: (path, language) => guard(() => commit.readConfig(path, language)),
})

export const guardedGit = (git: Git, guard: Guard): Git => ({
  commit: (...args) => guard(async () => guardedCommit(await git.commit(...args), guard)),
})
