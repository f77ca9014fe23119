import type { ProcessId } from '../core/upgrade/journal.ts'
import type { Probe } from '../core/upgrade/probe.ts'

/** What installing and upgrading ask of the world. Paths are absolute. */

export interface Attributes {
  readonly identity: string
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** Files that somebody relies on after a power cut: every change is on the disk when it resolves. */
export interface Durable {
  /** Whole or not at all, for us only. */
  readonly write: (path: string, text: string) => Promise<void>
  /** A copy with the owner of `like` and its mode within 0755, else 0755 or 0644 of ours. */
  readonly copy: (from: string, to: string, like: string | null) => Promise<void>
  /** A second name for a file; what has the name now loses it. */
  readonly link: (from: string, to: string) => Promise<void>
  /** Within a folder; what stands there goes at once. */
  readonly rename: (from: string, to: string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
  /** What tells this file from any other that had its name; null: there is none. */
  readonly identity: (path: string) => string | null
  /** The same, but another after the file was renamed. */
  readonly version: (path: string) => string | null
  /**
   * What of a path, from the root to the file itself, another user may change; `itself` looks at the
   * file alone. Null: nothing, or nothing is there.
   */
  readonly foreign: (
    path: string,
    reach: 'whole' | 'itself',
  ) => { readonly path: string; readonly why: string; readonly owner: number } | null
  /**
   * Call the result to give a folder its times back, which our own temporary files have changed; it does
   * nothing if the folder has other files by then. A folder that was not there is removed, if it is empty.
   */
  readonly rememberTimes: (folder: string) => () => void
  /** Owner, group and mode; null: nothing is there. */
  readonly attributes: (path: string) => Attributes | null
  readonly setMode: (path: string, mode: number) => Promise<void>
  /** The number of a user that /etc/passwd names; null: it does not. */
  readonly userId: (name: string) => number | null
  /** Without symbolic links; the path itself where nothing stands. */
  readonly real: (path: string) => string
  /** Ours until it is given back or we end, however we end; null when it is somebody else's. */
  readonly claim: (path: string) => Promise<(() => void) | null>
}

export type SignalName = 'SIGHUP' | 'SIGQUIT' | 'SIGTERM' | 'SIGKILL' | 'SIGUSR2' | 'SIGWINCH'

export interface ProcessFacts extends ProcessId {
  readonly parent: number
  /** As the list of processes shows it. */
  readonly title: string
  readonly userId: number
}

export interface Running {
  /** Another after each start of the machine. */
  readonly boot: () => string
  /** Those that have not ended. */
  readonly all: () => readonly ProcessFacts[]
  /** What tells the file it executes, as Durable.identity; null when we may not know. */
  readonly executable: (pid: number) => string | null
  /** Where the file was when it was started; null when we may not know. */
  readonly executablePath: (pid: number) => string | null
  /** Not in a container: its paths are ours. */
  readonly isHere: (pid: number) => boolean
  readonly folder: (pid: number) => string | null
  /** @throws ToolError when it is gone, another has its id, or we may not. */
  readonly signal: (id: ProcessId, name: SignalName) => void
  /** Starts a program that detaches itself, with PATH alone; resolves when its first process ended. */
  readonly launch: (file: string, args: readonly string[], folder: string) => Promise<string | null>
  /** Also when we are interrupted. */
  readonly pause: (milliseconds: number) => Promise<void>
}

export interface ProbeAnswer {
  /** Null: no answer. */
  readonly status: number | null
  /** Whose process took the connection; `unknown` where the host does not say. */
  readonly by: 'owner' | 'other' | 'unknown'
}

export interface Prober {
  /** One GET on a connection of its own; certificates are not looked at. */
  readonly ask: (probe: Probe, owners: readonly number[]) => Promise<ProbeAnswer>
}

export interface UpgradeWorld {
  readonly durable: Durable
  readonly running: Running
  readonly prober: Prober
}
