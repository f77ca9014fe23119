import type { Artifact } from '../render/artifact.ts'

/** A file of the stage; its path is below the stage, written with `/`. */
export interface StagedFile {
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
  readonly files: readonly StagedFile[]
  readonly folders: readonly string[]
  readonly args: readonly string[]
}

/** Something a tool said, in terms of the artifacts. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  /** Path of the artifact; null when the tool did not say, or meant none of them. */
  readonly path: string | null
  /** 1-based, in the artifact; null when it is not known. */
  readonly line: number | null
  /** What the tool said, without places of the stage. */
  readonly message: string
}

export type Verdict =
  | { readonly kind: 'accepted'; readonly findings: readonly Finding[] }
  | {
      readonly kind: 'refused'
      readonly findings: readonly Finding[]
      /** What is known of the artifacts that no error speaks of. */
      readonly others: 'accepted' | 'not-checked'
    }
  | { readonly kind: 'not-checked'; readonly reason: string }

/** A finding without secrets, and with the line of the artifact that it is about. */
export interface ShownFinding extends Finding {
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
  readonly findings: readonly ShownFinding[]
}
