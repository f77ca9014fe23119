import type { Inputs } from '../dialects/dialect.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Version } from '../model/version.ts'
import type { Artifact } from '../render/artifact.ts'
import type { ArtifactPlace } from './originals.ts'

/** A file of the stage; its path is below the stage, written with `/`. */
export interface TemporaryFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/** A program of this host, as it answered when it was asked. */
export interface Tool {
  /** `nginx`, `Angie`, `HAProxy`, `httpd`, `Tomcat`: as people say it. */
  readonly product: string
  readonly version: string
  /** How to call it: a name on PATH, or a path. */
  readonly program: string
  /** All it said of itself, such as nginx's configure arguments. */
  readonly answer: string
}

/** One run of a real tool over staged artifacts: what has to lie there, and what to call. */
export interface Check {
  readonly files: readonly TemporaryFile[]
  readonly folders: readonly string[]
  readonly args: readonly string[]
}

/** Something a tool said, in terms of the artifacts. */
export interface ToolMessage {
  readonly severity: 'error' | 'warning'
  /** Path of the artifact; null when the tool did not say, or meant none of them. */
  readonly path: string | null
  /** 1-based, in the artifact; null when it is not known. */
  readonly line: number | null
  /** What the tool said, without places of the stage. */
  readonly message: string
}

export type Verdict =
  | { readonly kind: 'accepted'; readonly findings: readonly ToolMessage[] }
  | {
      readonly kind: 'refused'
      readonly findings: readonly ToolMessage[]
      /** What is known of the artifacts that no error speaks of. */
      readonly others: 'accepted' | 'not-checked'
    }
  | { readonly kind: 'not-checked'; readonly reason: string }

/** A finding without secrets, and with the line of the artifact that it is about. */
export interface ShownMessage extends ToolMessage {
  readonly lineText: string | null
}

/** What is known of one artifact after the checks. */
export interface ArtifactCheck {
  readonly path: string
  readonly dialect: Artifact['dialect']
  readonly status: 'accepted' | 'refused' | 'not-checked'
  /** Such as `nginx 1.22.1`; null when nothing checked it. */
  readonly by: string | null
  /** The release that the spec writes for, when `by` is another; else null. */
  readonly insteadOf: string | null
  /**
   * The artifact that stood for this one, from which it differs in its route and ports only; null: it
   * was checked itself.
   */
  readonly checkedAs: string | null
  /** Why it was not checked, or in which way the check was less than the real thing. */
  readonly notes: readonly string[]
  readonly findings: readonly ShownMessage[]
}

/** What a tool left behind. */
export interface ToolOutput {
  /** null: it did not end by itself. */
  readonly exitCode: number | null
  /** The line that was waited for came. */
  readonly isReached: boolean
  readonly isTimedOut: boolean
  /** Standard output and standard error. */
  readonly output: string
}

export interface Note {
  /** The artifact it is about; null: all that are covered. */
  readonly path: string | null
  /** A sentence without a full stop. */
  readonly text: string
}

/** A check that can be run, and how to read what comes of it. */
export interface PlannedCheck {
  /** Paths of the artifacts that it is about. */
  readonly covers: readonly string[]
  /** Artifacts that are checked by the like of them: each with the covered one. */
  readonly twins: readonly { readonly path: string; readonly like: string }[]
  /** The release that is written for, when another is asked, such as `nginx 1.26.3`. */
  readonly insteadOf: string | null
  /** In which way it is less than the real thing. */
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

/** What there is to check for one dialect, and where. */
export interface CheckInput {
  readonly cluster: Cluster
  readonly inputs: Inputs
  /** Those of the dialect, as they will be written. */
  readonly artifacts: readonly Artifact[]
  /** The stage: absolute, private, empty, ours alone. */
  readonly folder: string
  /** Whether programs run as root. */
  readonly isRoot: boolean
}

/** What it takes to put the answer of a tool into terms of the artifacts. */
export interface OutputContext {
  readonly placeOf: (file: string, line: number | null) => ArtifactPlace
  /** Puts the originals back into a message. */
  readonly original: (text: string) => string
  /** The artifact that a message without a place most likely means. */
  readonly fallback: string | null
  /**
   * What the tool that was asked lacks of the one that is written for; null: it is the same. Then a
   * word that it does not know tells nothing about the artifacts.
   */
  readonly lacks: string | null
}

/**
 * Whether a release is the one written in the spec, as far as that goes: 2.6.12 is "2.6". Programs of
 * NGINX Plus say the nginx that R31 is based on.
 */
export const isRelease = (installed: string, { text, parts }: Version): boolean => {
  const wanted = /^\d/.test(text) ? text : parts.join('.')
  return (
    installed === wanted || installed.startsWith(`${wanted}.`) || wanted.startsWith(`${installed}.`)
  )
}
