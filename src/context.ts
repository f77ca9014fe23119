import type { BuildWorld } from './build-nginx/index.ts'
import type { LabWorld } from './ports/lab.ts'
import type { TrafficWorld } from './ports/traffic.ts'
import type { Exec, Files, Git, Output, Workspace } from './ports.ts'

/** Everything a command gets beside its arguments. */
export interface Context {
  /** Absolute; relative paths of arguments start here. */
  readonly cwd: string
  /** Absolute; the folder of package.json. */
  readonly packageFolder: string
  readonly files: Files
  readonly output: Output
  readonly workspace: Workspace
  readonly exec: Exec
  readonly git: Git
  /** For commands that build; the others do not wait for it. */
  readonly build: () => Promise<BuildWorld>
  /** For commands that ask a balancer. */
  readonly traffic: () => Promise<TrafficWorld>
  /** For `lab`. */
  readonly lab: () => Promise<LabWorld>
  /** The words after `sessctl`, as given. */
  readonly commandLine: readonly string[]
  /** The environment variables of this process. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Standard input, read to its end when asked for. */
  readonly readStdin: () => Promise<Uint8Array>
  /** Asks the user; null where standard input or standard error is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | null
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
  /** Whether standard output and standard error want colour. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean }
  /** Of the terminal that standard output is; null: it is none. */
  readonly columns: number | null
}
