import type { Inputs } from '../dialects/dialect.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Version } from '../model/version.ts'
import type { Artifact } from '../render/artifact.ts'
import type { ArtifactPlace } from './originals.ts'

/** A file of the temporary folder of a check; its path is relative to this folder, with `/`. */
export interface TemporaryFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/** A program of this host. */
export interface Tool {
  /** `nginx`, `Angie`, `HAProxy`, `httpd`, `Tomcat`. */
  readonly product: string
  readonly version: string
  /** A name on PATH, or a path. */
  readonly program: string
  /** Its version output, such as nginx's configure arguments. */
  readonly answer: string
}

/** One run of a real server: the files and folders that it needs, and its arguments. */
export interface Check {
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  readonly args: readonly string[]
}

/** A message of a tool about an artifact. */
export interface ToolMessage {
  readonly severity: 'error' | 'warning'
  /** Path of the artifact; null when the message names none of them. */
  readonly path: string | null
  /** 1-based, in the artifact; null when it is not known. */
  readonly line: number | null
  /** Without paths of the temporary folder. */
  readonly message: string
}

export type Verdict =
  | { readonly kind: 'accepted'; readonly findings: readonly ToolMessage[] }
  | {
      readonly kind: 'refused'
      readonly findings: readonly ToolMessage[]
      /** The status of the artifacts without an error. */
      readonly others: 'accepted' | 'not-checked'
    }
  | { readonly kind: 'not-checked'; readonly reason: string }

/** A message without secrets, together with the line of the artifact that it is about. */
export interface ShownMessage extends ToolMessage {
  readonly lineText: string | null
}

/** The result of the checks for one artifact. */
export interface ArtifactCheck {
  readonly path: string
  readonly dialect: Artifact['dialect']
  readonly status: 'accepted' | 'refused' | 'not-checked'
  /** Such as `nginx 1.22.1`; null when nothing checked it. */
  readonly by: string | null
  /** The release in the spec, when `by` is a different one; else null. */
  readonly insteadOf: string | null
  /**
   * The artifact that was checked instead, which differs in its route and ports only; null: this one
   * was checked.
   */
  readonly checkedAs: string | null
  /** Why it was not checked, or what the check left out. */
  readonly notes: readonly string[]
  readonly findings: readonly ShownMessage[]
}

/** The exit code and the output of a tool. */
export interface ToolOutput {
  /** null: it was ended by a signal. */
  readonly exitCode: number | null
  /** The line that reports a completed start was printed. */
  readonly isReached: boolean
  readonly isTimedOut: boolean
  /** Standard output and standard error. */
  readonly output: string
}

export interface Note {
  /** The artifact it is about; null: all artifacts of the check. */
  readonly path: string | null
  /** A sentence without a full stop. */
  readonly text: string
}

/** A check that can be run, and the function that reads its output. */
export interface PlannedCheck {
  /** Paths of the artifacts that it checks. */
  readonly covers: readonly string[]
  /** Artifacts that differ from a checked one (`like`) only in routes and ports. */
  readonly twins: readonly { readonly path: string; readonly like: string }[]
  /** The release in the spec, such as `nginx 1.26.3`, when another one runs the check; else null. */
  readonly insteadOf: string | null
  /** What the check leaves out. */
  readonly notes: readonly Note[]
  readonly check: Check
  /** A server that runs until it prints such a line; null: a program that ends by itself. */
  readonly until: RegExp | null
  readonly read: (answer: ToolOutput) => Verdict
}

/** Artifacts that cannot be checked, and why. */
export interface NotCheckable {
  readonly paths: readonly string[]
  readonly reason: string
}

/** The artifacts of one dialect, and the folder in which they are checked. */
export interface CheckInput {
  readonly cluster: Cluster
  readonly inputs: Inputs
  /** Those of the dialect, as they will be written. */
  readonly artifacts: readonly Artifact[]
  /** The temporary folder: absolute, private and empty. */
  readonly folder: string
  /** Whether programs run as root. */
  readonly isRoot: boolean
}

/** Translates the output of a tool into messages about the artifacts. */
export interface OutputContext {
  readonly placeOf: (file: string, line: number | null) => ArtifactPlace
  /** Replaces temporary paths and addresses in a message by those of the spec. */
  readonly original: (text: string) => string
  /** The artifact to which messages without a file are assigned. */
  readonly fallback: string | null
  /**
   * How the tool differs from the one in the spec, such as `nginx 1.22.1 lacks the module jvm_route`;
   * null: it does not. Where it differs, an unknown directive is not an error of the artifacts.
   */
  readonly lacks: string | null
}

/** A message of a tool at its artifact; without a file it is assigned to the fallback. */
export const toolMessage = (
  severity: ToolMessage['severity'],
  message: string,
  file: string | undefined,
  line: string | undefined,
  { placeOf, original, fallback }: OutputContext,
): ToolMessage => {
  const place = file === undefined ? null : placeOf(file, Number(line))
  return {
    severity,
    path: place?.path ?? fallback,
    line: place?.line ?? null,
    message: original(message),
  }
}

/**
 * Whether the installed release is the one in the spec: 2.6.12 matches "2.6". Programs of NGINX Plus
 * report the release of nginx that R31 is based on.
 */
export const isRelease = (installed: string, { text, parts }: Version): boolean => {
  const wanted = /^\d/.test(text) ? text : parts.join('.')
  return (
    installed === wanted || installed.startsWith(`${wanted}.`) || wanted.startsWith(`${installed}.`)
  )
}
