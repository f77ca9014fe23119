import type { Reload } from '../core/lab/balancer.ts'
import type { Command, Preparation, StopSignal } from '../core/lab/program.ts'
import type { Account, Clock, Ended, Screen } from '../ports.ts'

/** What a lab asks of the world, beside src/ports.ts. */

/** A server of the lab while it runs; all it started belongs to it. */
export interface Daemon {
  readonly pid: number
  /** The last that it said, on both outputs. */
  readonly output: () => string
  /** Null while it runs. */
  readonly ended: () => Ended | null
  readonly signal: (name: Exclude<Reload, 'successor'>) => void
  /** Lets it put all in order, and kills what is left of it after a while. */
  readonly stop: () => Promise<void>
  /** At once, with all it started. */
  readonly kill: () => Promise<void>
}

/** Where the processes of a lab run. However this process ends, nothing of them is left. */
export interface LabWorkplace {
  /** Absolute, without symbolic links; ours alone. */
  readonly folder: string
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>
  readonly makeFolder: (path: string) => Promise<void>
  /** The text of a file; empty when there is none. */
  readonly read: (path: string) => Promise<string>
  /** A symbolic link. */
  readonly link: (path: string, target: string) => Promise<void>
  /** @throws ToolError when there is no such program. */
  readonly start: (command: Command, cwd: string, stop: StopSignal) => Promise<Daemon>
  /** Runs a program to its end. @throws ToolError when it is missing or fails. */
  readonly run: (command: Preparation, cwd: string) => Promise<void>
}

export interface Network {
  /**
   * A loopback address and the first of so many ports on it in a row that nobody listens on. Where
   * the system has more than one loopback address, hardly anybody else uses this one.
   */
  readonly findPorts: (count: number) => Promise<{ readonly host: string; readonly first: number }>
  /** Whether somebody takes connections there. */
  readonly accepts: (host: string, port: number) => Promise<boolean>
  /** Says a text and hears all until the other side ends; null when nobody is there. */
  readonly exchange: (host: string, port: number, text: string) => Promise<string | null>
}

export interface LabWorld {
  /** @param account who runs it all; null: we do. */
  readonly withWorkplace: <Result>(
    account: Account | null,
    work: (stage: LabWorkplace) => Promise<Result>,
  ) => Promise<Result>
  readonly network: Network
  readonly clock: Clock
  readonly screen: Screen
  /** Does it again and again; the function ends it. */
  readonly every: (milliseconds: number, work: () => void) => () => void
  /** So many random hex digits. */
  readonly random: (digits: number) => string
  /** Where this package has its templates/lab/. */
  readonly packageFolder: string
  /** The Node.js that runs this. */
  readonly node: string
}
