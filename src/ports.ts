import type { ConfigLanguage } from './core/config/collect.ts'
import type { ConfFolder, ConfigFiles, WebappInput } from './core/dialects/dialect.ts'
import type { Change, Found } from './core/output/plan.ts'

/** The interfaces of commands to the host; src/adapters implements them, tests use implementations in memory. */

/** The content of a file, and whether the file is outside of the repository: its content is then not shown in messages. */
export interface Named<Content> {
  readonly content: Content
  readonly isOutside: boolean
}

/** All functions throw OutsideError for a file that a spec may not name, and IoError for a file that cannot be read. */
export interface NamedFiles {
  readonly read: (path: string) => Promise<Named<Uint8Array>>
  /** An application: a web.xml, an unpacked folder or a `.war`. */
  readonly readWebapp: (path: string) => Promise<Named<WebappInput>>
  /**
   * The files in the folder of a server.xml that configure contexts; missing files are left out.
   * @returns null for a folder that the spec may not read, because it names only a file in it.
   */
  readonly readConf: (folder: string) => Promise<Named<ConfFolder> | null>
  /** A configuration and the files that it includes; those that cannot be read are left out. */
  readonly readConfig: (path: string, language: ConfigLanguage) => Promise<Named<ConfigFiles>>
  /** For files that other code reads. */
  readonly check: (path: string) => Promise<{ readonly isOutside: boolean }>
}

export interface Files {
  /**
   * The bytes of a regular file.
   * @param mostBytes 8 MiB if left out, which is more than any text that sessctl reads.
   * @throws IoError when it cannot be read, is not a regular file or is larger.
   */
  readonly read: (path: string, mostBytes?: number) => Promise<Uint8Array>
  /**
   * Files that a spec names: in its folder, in the git repository around it, or in paths that the command line
   * allows.
   * @param folder of the spec; absolute, as all paths here.
   * @throws UsageError for an allowed path that a symbolic link in the repository can change.
   */
  readonly namedBy: (folder: string, allowed: readonly string[]) => NamedFiles
  /**
   * @param name how the user wrote the path.
   * @throws UsageError for a spec that a symbolic link puts outside of its folder and repository.
   */
  readonly checkSpecPlace: (path: string, name: string) => Promise<void>
  /** Whether a file or folder exists. */
  readonly exists: (path: string) => Promise<boolean>
  /** The names in a folder, sorted. @throws IoError when it cannot be read. */
  readonly list: (folder: string) => Promise<readonly string[]>
  /** Writes the file atomically. @throws IoError when it cannot be written. */
  readonly write: (path: string, text: string) => Promise<void>
  /**
   * Replaces the content of an existing file atomically; its mode stays, and a symbolic link to it.
   * @param before what the file must still contain.
   * @throws IoError when it cannot be written, or was changed meanwhile.
   */
  readonly rewrite: (path: string, before: Uint8Array, after: Uint8Array) => Promise<void>
}

/** A message to the user that does not end the run. */
export interface Notice {
  readonly level: 'note' | 'warning'
  readonly message: string
}

/** A folder of artifacts. Paths below it are written with `/`. */
export interface Output {
  /**
   * The existing files.
   * @param concerned the paths to read, given the text of the existing manifest (null without one).
   * @throws IoError when something cannot be read.
   */
  readonly look: (
    folder: string,
    concerned: (manifestText: string | null) => readonly string[],
  ) => Promise<Found>
  /**
   * Lets one run at a time read and write: `plan` gets the existing files and returns the changes.
   * All changes happen, or none.
   * @throws IoError when the folder cannot be written, or another run does not end in time.
   */
  readonly change: (
    folder: string,
    concerned: (manifestText: string | null) => readonly string[],
    plan: (found: Found) => readonly Change[],
    signal: AbortSignal,
  ) => Promise<void>
  /**
   * A message for root before it writes: the folder or one of its parents belongs to another
   * user, whose rights are then used for reading and writing; or a group can change it. Null: none.
   * @throws IoError when several users, or all users, can change it.
   */
  readonly notice: (folder: string) => Notice | null
}

/** The account that runs a program instead of root. */
export interface Account {
  readonly uid: number
  readonly gid: number
  /** It can read every file, and has no other right of root. */
  readonly readsAll: boolean
}

/** How programs run that change nothing on this host. */
export interface Runner {
  /** null: they run as the user of this process. */
  readonly account: Account | null
  /** They run as root, because another account is not possible. */
  readonly isRoot: boolean
  /** A note for the user; null: none. */
  readonly note: string | null
}

/** A private temporary folder. */
export interface Workplace {
  /** Absolute, without symbolic links. */
  readonly folder: string
  /** Whether programs run as root. */
  readonly isRoot: boolean
  /** Writes a file below the folder, and creates missing folders; paths are written with `/`. */
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>
  readonly makeFolder: (path: string) => Promise<void>
}

export interface Workspace {
  /**
   * The account that runs programs in such a folder: not root, if this process is root.
   * @param files the files that the programs must be able to read.
   * @param user a name or a number; null: nobody.
   * @throws UsageError for an invalid user.
   */
  readonly runner: (files: readonly string[], user: string | null) => Runner
  /**
   * Creates a folder that only this user can enter, and removes it with its content when the work is
   * done, has failed or is interrupted.
   * @param account the owner of the folder and its files; default: the user of this process.
   * @throws IoError when it cannot be created, and every error of the work.
   */
  readonly within: <Result>(
    work: (place: Workplace) => Promise<Result>,
    account?: Account | null,
  ) => Promise<Result>
}

export interface ExecOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** The account that runs it; default: the user of this process. */
  readonly account?: Account | null
  /** The program gets only `env`, not the environment of this process. */
  readonly isIsolated?: boolean
  readonly timeoutMs?: number
}

export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** The result of a program that is ended when it has printed a line. */
export interface WatchResult {
  /** Whether the line was printed. */
  readonly isReached: boolean
  readonly isTimedOut: boolean
  /** Standard output and standard error, interleaved. */
  readonly output: string
}

export interface Exec {
  /**
   * Runs a program without a shell and waits for it.
   * @returns null when the program does not exist.
   * @throws ToolError when it cannot be run, or does not end in time.
   */
  readonly run: (
    file: string,
    args: readonly string[],
    options?: ExecOptions,
  ) => Promise<ExecResult | null>
  /**
   * Runs a program until it prints a line, the timeout passes, or it ends; it is not running afterwards.
   * It is ended by SIGKILL: for servers without data to save.
   * @returns null when the program does not exist.
   * @throws ToolError when it cannot be run.
   */
  readonly runUntil: (
    file: string,
    args: readonly string[],
    isLast: (line: string) => boolean,
    options?: ExecOptions,
  ) => Promise<WatchResult | null>
}

/** One commit of a repository, read from its objects: work tree and index are unchanged. */
export interface Commit {
  /** The full id. */
  readonly id: string
  /** Whether an absolute path is in the repository. */
  readonly holds: (path: string) => boolean
  /**
   * The file as a checkout would write it, with its line endings and encoding.
   * @param path absolute, of the file in the work tree.
   * @returns null when the commit does not contain the file.
   * @throws ToolError when git cannot read it.
   */
  readonly read: (path: string) => Promise<Uint8Array | null>
  /**
   * The absolute path that a file had in this commit, where git recognises a rename.
   * @param later the id of the commit that has the file at `path`.
   * @returns null where the file was not renamed.
   */
  readonly nameBefore: (path: string, later: string) => Promise<string | null>
  /**
   * The application in the commit.
   * @returns null when the commit does not contain the file, or a folder with a web.xml.
   * @throws ToolError when git cannot read it.
   */
  readonly readWebapp: (path: string) => Promise<WebappInput | null>
  readonly readConf: (folder: string) => Promise<ConfFolder>
  /** @returns null when the commit does not contain the main file. */
  readonly readConfig: (path: string, language: ConfigLanguage) => Promise<ConfigFiles | null>
}

export interface Git {
  /**
   * @param folder absolute, in the repository.
   * @param revision as for git: a branch, a tag, a commit id, `HEAD~1`.
   * @throws UsageError for an unknown revision, ToolError without git or a repository.
   */
  readonly commit: (folder: string, revision: string) => Promise<Commit>
}

/** How a process ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly signal: string | null
}

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds of a monotonic clock. */
  readonly ticks: () => number
  readonly wait: (milliseconds: number) => Promise<void>
}

/** Standard error during the work. */
export interface Screen {
  readonly isTerminal: boolean
  readonly columns: number
  readonly write: (text: string) => void
}
