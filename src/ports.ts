import type { ConfFolder, WebappInput } from './core/dialects/dialect.ts'
import type { Change, Found } from './core/output/plan.ts'

/** What commands may ask of the world; src/adapters answers, tests answer from memory. */

/** What a file holds, and whether it lies outside of the repository, so that nothing of it is shown. */
export interface Named<Content> {
  readonly content: Content
  readonly isOutside: boolean
}

/** Each throws OutsideError for a file that a spec may not name, IoError for one that cannot be read. */
export interface NamedFiles {
  readonly read: (path: string) => Promise<Named<Uint8Array>>
  /** An application: the bytes of a web.xml, or what an unpacked folder or a `.war` has for one. */
  readonly readWebapp: (path: string) => Promise<Named<WebappInput>>
  /**
   * Of the folder of a server.xml: what says something of contexts; nothing of what is not there.
   * @returns null for a folder that the spec may not read: it names a file in it only.
   */
  readonly readConf: (folder: string) => Promise<Named<ConfFolder> | null>
  /** For what is read elsewhere. */
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
   * Files that a spec names: in its folder, in the git repository around it, or where the command line
   * allows.
   * @param folder of the spec; absolute, as all paths here.
   * @throws UsageError for an allowed path that the repository itself decides, by a symbolic link.
   */
  readonly namedBy: (folder: string, allowed: readonly string[]) => NamedFiles
  /**
   * @param name how the user wrote the path.
   * @throws UsageError for a spec that a symbolic link puts outside of its folder and repository.
   */
  readonly checkSpecPlace: (path: string, name: string) => Promise<void>
  /** Whether a file or folder is there. */
  readonly exists: (path: string) => Promise<boolean>
  /** What is in a folder, by name and in order. @throws IoError when it cannot be read. */
  readonly list: (folder: string) => Promise<readonly string[]>
  /** Whole or not at all. @throws IoError when it cannot be written. */
  readonly write: (path: string, text: string) => Promise<void>
}

/** Something that a user should know, and the run goes on. */
export interface Notice {
  readonly level: 'note' | 'warning'
  readonly message: string
}

/** A folder of artifacts. Paths below it are written with `/`. */
export interface Output {
  /**
   * What stands there now.
   * @param concerned which files matter, given the text of the manifest there (null without one).
   * @throws IoError when something cannot be read.
   */
  readonly look: (
    folder: string,
    concerned: (manifestText: string | null) => readonly string[],
  ) => Promise<Found>
  /**
   * Lets one run at a time look and write: `plan` gets what stands there and says what to change.
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
   * What root should know before it writes: the folder, or one on the way to it, belongs to another
   * user, with whose rights it is then read and written; or a group may change it. Null: nothing.
   * @throws IoError when several users, or everybody, may change it.
   */
  readonly notice: (folder: string) => Notice | null
}

/** Who runs a program instead of root. */
export interface Account {
  readonly uid: number
  readonly gid: number
  /** It may read every file, and has no other right of root. */
  readonly readsAll: boolean
}

/** How programs are run that have nothing to change on this host. */
export interface Runner {
  /** null: they run as we do. */
  readonly account: Account | null
  /** They run as root, for there is no way round it. */
  readonly isRoot: boolean
  /** What the reader should know of it; null: nothing. */
  readonly note: string | null
}

/** A private folder for the time of one piece of work. */
export interface Workplace {
  /** Absolute, without symbolic links. */
  readonly folder: string
  /** Whether programs that we start run as root. */
  readonly isRoot: boolean
  /** Writes a file below the folder, with the folders it needs; paths are written with `/`. */
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>
  readonly makeFolder: (path: string) => Promise<void>
}

export interface Workspace {
  /**
   * Who runs programs in such a folder: where we are root, somebody else.
   * @param files what they have to read.
   * @param user a name or a number; null: nobody.
   * @throws UsageError for a user that cannot be.
   */
  readonly runner: (files: readonly string[], user: string | null) => Runner
  /**
   * Makes a new folder that only we can enter, and removes it with all it holds when the work is
   * done, failed or interrupted.
   * @param account who owns it, and all that is written; left out: we do.
   * @throws IoError when it cannot be made, and whatever the work throws.
   */
  readonly within: <Result>(
    work: (place: Workplace) => Promise<Result>,
    account?: Account | null,
  ) => Promise<Result>
}

export interface ExecOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Who runs it; left out: we do. */
  readonly account?: Account | null
  /** The program gets `env` and nothing of our own environment. */
  readonly isIsolated?: boolean
  readonly timeoutMs?: number
}

export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** How a program was that we ended ourselves once it said what we waited for. */
export interface WatchResult {
  /** The line came. */
  readonly isReached: boolean
  readonly isTimedOut: boolean
  /** Standard output and standard error in the order they came. */
  readonly output: string
}

export interface Exec {
  /**
   * Runs a program without a shell and waits for it.
   * @returns null when there is no such program.
   * @throws ToolError when it cannot be run, or does not end in time.
   */
  readonly run: (
    file: string,
    args: readonly string[],
    options?: ExecOptions,
  ) => Promise<ExecResult | null>
  /**
   * Runs a program until it prints a line, its time is over, or it ends; it is gone afterwards.
   * It is killed rather than asked: for servers that have nothing to lose.
   * @returns null when there is no such program.
   * @throws ToolError when it cannot be run.
   */
  readonly runUntil: (
    file: string,
    args: readonly string[],
    isLast: (line: string) => boolean,
    options?: ExecOptions,
  ) => Promise<WatchResult | null>
}

/** One commit of a repository, read from its objects: work tree and index stay as they are. */
export interface Commit {
  /** The full id. */
  readonly id: string
  /** Whether a path (absolute) belongs to the repository at all. */
  readonly holds: (path: string) => boolean
  /**
   * The file as a checkout would write it, with its line ends and its encoding.
   * @param path absolute, where the file would stand in the work tree.
   * @returns null when there is no such file in the commit.
   * @throws ToolError when git cannot read it.
   */
  readonly read: (path: string) => Promise<Uint8Array | null>
  /**
   * The application as it was.
   * @returns null when the commit has no such file or folder with a web.xml.
   * @throws ToolError when git cannot read it.
   */
  readonly readWebapp: (path: string) => Promise<WebappInput | null>
  readonly readConf: (folder: string) => Promise<ConfFolder>
}

export interface Git {
  /**
   * @param folder absolute; its repository is the one that is asked.
   * @param revision whatever git understands: a branch, a tag, a commit id, `HEAD~1`.
   * @throws UsageError for a revision that is not there, ToolError without git or a repository.
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
  /** Milliseconds that only go forward. */
  readonly ticks: () => number
  readonly wait: (milliseconds: number) => Promise<void>
}

/** Standard error while the work goes on. */
export interface Screen {
  readonly isTerminal: boolean
  readonly columns: number
  readonly write: (text: string) => void
}
