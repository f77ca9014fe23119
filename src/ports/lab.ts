import type { Reload } from '../core/lab/balancer.ts'
import type { Command, Preparation, StopSignal } from '../core/lab/program.ts'
import type { Account, Clock, Ended, Screen } from '../ports.ts'

/** The ports of the lab, in addition to src/ports.ts. */

/** A running server, with its child processes. */
export interface Daemon {
  readonly pid: number
  /** The end of its standard output and standard error. */
  readonly output: () => string
  /** The process ids of its children, such as the workers of nginx; empty where the system does not tell. */
  readonly children: () => Promise<readonly number[]>
  /** null while it runs. */
  readonly ended: () => Ended | null
  readonly signal: (name: Exclude<Reload, 'successor'>) => void
  /** Sends the stop signal, and SIGKILL after a timeout. */
  readonly stop: () => Promise<void>
  /** Sends SIGKILL to the process group. */
  readonly kill: () => Promise<void>
}

/** The folder of a lab and its processes. They are removed however this process ends. */
export interface LabWorkplace {
  /** Absolute, without symbolic links, private. */
  readonly folder: string
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>
  readonly makeFolder: (path: string) => Promise<void>
  /** The text of a file; empty if it does not exist. */
  readonly read: (path: string) => Promise<string>
  /** Creates a symbolic link. */
  readonly link: (path: string, target: string) => Promise<void>
  /** @throws ToolError if the program does not exist. */
  readonly start: (command: Command, cwd: string, stop: StopSignal) => Promise<Daemon>
  /** Runs a program until it exits. @throws ToolError if it is missing or fails. */
  readonly run: (command: Preparation, cwd: string) => Promise<void>
}

export interface Network {
  /** A loopback address, random if possible, and the first of `count` consecutive free ports. */
  readonly findPorts: (count: number) => Promise<{ readonly host: string; readonly first: number }>
  /** Whether a server accepts connections. */
  readonly accepts: (host: string, port: number) => Promise<boolean>
  /** Sends a text and returns everything until the connection is closed; null without a connection. */
  readonly exchange: (host: string, port: number, text: string) => Promise<string | null>
}

export interface LabWorld {
  /** @param account the user of all processes; null: the current user. */
  readonly withWorkplace: <Result>(
    account: Account | null,
    work: (stage: LabWorkplace) => Promise<Result>,
  ) => Promise<Result>
  readonly network: Network
  readonly clock: Clock
  readonly screen: Screen
  /** Calls the function repeatedly until the returned function is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void
  /** Random hexadecimal digits. */
  readonly random: (digits: number) => string
  /** The folder of templates/lab/. */
  readonly packageFolder: string
  /** The path of Node.js. */
  readonly node: string
}
