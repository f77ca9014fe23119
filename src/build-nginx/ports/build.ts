import type { Clock, Ended, Screen } from '../../ports.ts'
import type { PackageEntry } from '../core/package/entries.ts'
import type { SignatureFacts, Unreadable } from '../core/verify/facts.ts'
import type { UpgradeWorld } from './upgrade.ts'

/** What building asks of the world, beside src/ports.ts. Paths are absolute. */

export interface Entry {
  /** Relative to the folder that was listed, written with `/`. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  readonly size: number
  readonly isExecutable: boolean
  /** Of a link: where it leads, as it is written. */
  readonly target: string | null
}

export interface Disk {
  /** @throws IoError, as everything here. */
  readonly read: (path: string) => Promise<Uint8Array>
  /**
   * Null where there is no such file.
   * @param mostBytes a whole number of MiB; without it the limit of the largest archive.
   */
  readonly readIfThere: (path: string, mostBytes?: number) => Promise<Uint8Array | null>
  readonly kind: (path: string) => Promise<'file' | 'folder' | 'other' | null>
  /** Whole or not at all; folders are made. As root, with the rights of the user whose folder it is. */
  readonly write: (
    path: string,
    content: string | Uint8Array,
    isExecutable?: boolean,
  ) => Promise<void>
  /** All below a folder, in order. */
  readonly list: (folder: string) => Promise<readonly Entry[]>
  /** A file, or a folder with all it holds; what stands there is replaced file by file. */
  readonly copy: (from: string, to: string) => Promise<void>
  /** Within one file system; what stands there goes. */
  readonly move: (from: string, to: string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
  /** A symbolic link at `path`, in a folder that exists. */
  readonly symlink: (target: string, path: string) => Promise<void>
  readonly makeFolder: (path: string) => Promise<void>
  /**
   * Makes a folder for us alone where there is none, and makes sure that one which is there, what
   * leads to it and the two levels below it are. From then on, nothing that we or our programs make
   * is writable by others.
   * @throws IoError, naming what another user may change.
   */
  readonly secure: (folder: string) => Promise<void>
  /** The same of a folder with all it holds, which has to be there. @throws IoError */
  readonly requireOurs: (folder: string) => Promise<void>
  /**
   * A file or a whole folder for everybody, in place of what stands there: all of it or nothing.
   * Folders on the way are made with the usual rights.
   */
  readonly publish: (
    path: string,
    content: Uint8Array | readonly PackageEntry[],
    seconds: number,
  ) => Promise<void>
  /** One process at a time; waits for the others, and takes over from one that died. */
  readonly exclusively: <Result>(path: string, work: () => Promise<Result>) => Promise<Result>
}

export interface Archives {
  /**
   * Unpacks a tarball (.tar, .tar.gz, .tar.xz, .tar.bz2) whose one top folder becomes `folder`, with
   * the usual rights: 0755, and 0644 for files that are not executable.
   * Nothing is there unless all of it is.
   * @returns false when there is nothing below `only`.
   * @throws BuildError for an archive that is damaged, that is not the one with this sha256, that
   * holds too much, or that could write outside of the folder.
   */
  readonly extract: (
    archive: string,
    folder: string,
    options?: {
      /** Takes what is below this path of the archive, and looks at nothing else. */
      readonly only?: string
      readonly sha256?: string
    },
  ) => Promise<boolean>
  /** The sha256 of each file of a tarball, by its path below the top folder. @throws as `extract`. */
  readonly digests: (archive: string, sha256: string) => Promise<ReadonlyMap<string, string>>
  /** The contents of a .gz, .xz or .bz2 file. */
  readonly expand: (file: string) => Promise<Uint8Array>
  /** A .tar.gz of root's, in the given order; the same entries give the same bytes. */
  readonly pack: (entries: readonly PackageEntry[], seconds: number) => Promise<Uint8Array>
  /** A .gz of these bytes, without a name or a time. */
  readonly gzip: (bytes: Uint8Array) => Promise<Uint8Array>
  /** What was compressed by gzip; null when nothing was. */
  readonly gunzip: (bytes: Uint8Array) => Promise<Uint8Array | null>
}

export interface Downloaded {
  readonly bytes: Uint8Array
  /** After redirects. */
  readonly url: string
}

export interface Web {
  /**
   * @param mostBytes the limit of such a file; without it that of the largest source.
   * @returns null when there is no such file (404).
   * @throws BuildError when it cannot be had, is cut off, or is a web page.
   */
  readonly download: (
    url: string,
    onProgress: (received: number, total: number | null) => void,
    mostBytes?: number,
  ) => Promise<Downloaded | null>
}

export interface Checkout {
  readonly commit: string
  readonly tree: string
}

/** What git tracks in a folder; paths are relative to it. */
export interface Tracked {
  readonly files: readonly string[]
  /** Files that are neither tracked nor ignored. */
  readonly others: readonly string[]
}

export interface Repositories {
  /** Null for a folder that is not in a work tree, of which git tracks nothing, or that git does not read. */
  readonly tracked: (folder: string) => Promise<Tracked | null>
  /**
   * The files of a tag, branch or commit, with its submodules, without `.git`.
   * @param locked a commit of it that is taken instead.
   * @throws ToolError when git is missing, BuildError when the repository has no such thing, or the
   * locked commit is not part of it.
   */
  readonly checkOut: (
    url: string,
    ref: string,
    folder: string,
    locked?: string | null,
  ) => Promise<Checkout>
}

export interface Signatures {
  /**
   * Reads a detached signature of a file. A file may have signatures of several people.
   * @param armored the text of the signature.
   * @param armoredKeys the keys that may have made it.
   */
  readonly read: (
    bytes: Uint8Array,
    armored: string,
    armoredKeys: readonly string[],
  ) => Promise<readonly (SignatureFacts | Unreadable)[]>
}

export interface RunOptions {
  readonly cwd: string
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
}

export interface Daemon {
  readonly pid: number
  readonly output: () => string
  /** Null while it runs. */
  readonly ended: () => Ended | null
  readonly signal: (name: 'SIGTERM' | 'SIGQUIT' | 'SIGHUP' | 'SIGKILL') => void
  /** Ends it with its children; resolves when they are gone. */
  readonly stop: () => Promise<Ended>
}

export interface Processes {
  /**
   * Runs a program with all its children, line by line; they go when we are interrupted.
   * @returns null when there is no such program.
   */
  readonly run: (
    file: string,
    args: readonly string[],
    options: RunOptions,
  ) => Promise<Ended | null>
  /** Starts a server in the foreground. @throws ToolError when there is no such program. */
  readonly start: (
    file: string,
    args: readonly string[],
    options: Pick<RunOptions, 'cwd' | 'env'>,
  ) => Promise<Daemon>
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

export interface Stub {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** HTTP on 127.0.0.1. */
export interface Loopback {
  /** Two different ones that nothing listens on. */
  readonly freePorts: () => Promise<readonly [number, number]>
  /** A server that answers every request with its name. */
  readonly serve: (name: string) => Promise<Stub>
  /** One GET on a connection of its own; null when nobody answers. */
  readonly get: (
    port: number,
    path: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Reply | null>
}

/** All of them, for commands that build. */
export interface BuildWorld extends UpgradeWorld {
  readonly disk: Disk
  readonly archives: Archives
  readonly web: Web
  readonly repositories: Repositories
  readonly signatures: Signatures
  readonly processes: Processes
  readonly loopback: Loopback
  readonly clock: Clock
  readonly screen: Screen
  /** Where this package has its module/, patches/ and keys/. */
  readonly packageFolder: string
  /** PATH and HOME for programs that are run; as root only what no other user can change of them. */
  readonly path: string
  readonly home: string
  /** Variables that name proxies, for programs that download. */
  readonly proxies: Readonly<Record<string, string>>
  readonly processors: number
  readonly userId: number
  readonly processId: number
}
