import type { TemporaryFile } from '../validate/check.ts'

/** A program with its arguments, to be run below the folder of the lab. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** All of its environment, beside a plain PATH. */
  readonly env: Readonly<Record<string, string>>
}

/** A command that ends by itself, and what it reads. */
export interface Preparation extends Command {
  readonly input: string | null
}

/** When a process may be used. */
export interface Ready {
  /** All of them take connections. */
  readonly ports: readonly number[]
  /** What it says then; null: nothing. */
  readonly line: RegExp | null
  /** A GET of this path is answered with 200 on the first port; null: it speaks no HTTP. */
  readonly path: string | null
}

/** Something said to a port, and what has to be in the answer, now or after a while. */
export interface SetupExchange {
  readonly port: number
  readonly text: string
  readonly expected: RegExp
}

/** The signal that a process takes for "put all in order and go". */
export type StopSignal = 'SIGTERM' | 'SIGQUIT'

/** What has to lie in a folder of the lab, and to be done there, before anything starts in it. */
export interface ProcessFolder {
  /** Unique; also the name of the folder, below which all paths are. */
  readonly name: string
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  /** Files of this host that are found in the folder: path → absolute target. */
  readonly links: Readonly<Record<string, string>>
  readonly preparations: readonly Preparation[]
}

/** One process of a lab. */
export interface LabProcess extends ProcessFolder {
  readonly role: 'store' | 'server' | 'balancer'
  /** What runs, as people call it: `Tomcat 9.0.43`. */
  readonly title: string
  /** It is not the software that the spec names. */
  readonly isStandIn: boolean
  /** Others to which it copies its sessions, once it knows them; left out: there are none. */
  readonly peers?: number
  readonly command: Command
  readonly ready: Ready
  /** After each start. */
  readonly setup: readonly SetupExchange[]
  readonly stop: StopSignal
  /** What it says when it does not understand its configuration. */
  readonly warningPattern: RegExp | null
  /** A file in which it says what it does not say on its outputs; null: there is none. */
  readonly log: string | null
  /** What it says may quote a file of which nothing is shown; left out: it may be shown. */
  readonly hidesOutput?: boolean
}
