import type { TemporaryFile } from '../validate/check.ts'

/** A program with its arguments; it runs in the folder of its process. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** Its environment variables, in addition to a plain PATH. */
  readonly env: Readonly<Record<string, string>>
}

/** A command that exits by itself, with its standard input. */
export interface Preparation extends Command {
  readonly input: string | null
}

/** When a process is ready. */
export interface Ready {
  /** All of them accept connections. */
  readonly ports: readonly number[]
  /** A line of its output; null: none is required. */
  readonly line: RegExp | null
  /** A GET of this path on the first port returns 200; null: it is not an HTTP server. */
  readonly path: string | null
}

/** A text for a port; it is sent again until the response matches. */
export interface SetupExchange {
  readonly port: number
  readonly text: string
  readonly expected: RegExp
}

/** The signal for an orderly stop. */
export type StopSignal = 'SIGTERM' | 'SIGQUIT'

/** The contents of a folder of the lab, and the commands that prepare it. */
export interface ProcessFolder {
  /** Unique; also the name of the folder. */
  readonly name: string
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  /** Symbolic links to files of this host: path → absolute target. */
  readonly links: Readonly<Record<string, string>>
  readonly preparations: readonly Preparation[]
}

/** One process of a lab. */
export interface LabProcess extends ProcessFolder {
  readonly role: 'store' | 'server' | 'balancer'
  /** Such as `Tomcat 9.0.43`. */
  readonly title: string
  /** Replaces the software that the spec names. */
  readonly isStandIn: boolean
  /** Whether its application accepts WebSocket connections; left out: it does not. */
  readonly isUpgradable?: boolean
  /** The number of other members of its Tomcat cluster; left out: it is not clustered. */
  readonly peers?: number
  readonly command: Command
  readonly ready: Ready
  /** Sent after each start. */
  readonly setup: readonly SetupExchange[]
  readonly stop: StopSignal
  /** Output lines that report a problem of its configuration. */
  readonly warningPattern: RegExp | null
  /** Its log file, if it logs to a file; null: it does not. */
  readonly log: string | null
  /** Its output may quote a file from outside of the repository; left out: it may be shown. */
  readonly hidesOutput?: boolean
}
