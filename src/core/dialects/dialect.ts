import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Encoding } from '../render/encoding.ts'

/** The configuration languages sessctl writes: three proxies, then what stands behind them. */
export type DialectName = 'nginx' | 'haproxy' | 'httpd' | 'tomcat' | 'spring' | 'php' | 'django'

/** A file that a dialect must read before it can render, such as a server.xml to edit in place. */
export interface InputFile {
  /**
   * An application is a web.xml, an unpacked folder or a `.war`; `conf` is the folder of a server.xml,
   * which may hold nothing else.
   */
  readonly kind: 'file' | 'webapp' | 'conf'
  /** As written in the spec: relative to the spec's folder, or absolute. */
  readonly path: string
  /** The value in the spec that names it. */
  readonly at: Place
}

/** What is known of a whole application: its WEB-INF/web.xml, null without one. */
export type Webapp =
  | {
      readonly form: 'folder' | 'war'
      readonly webXml: Uint8Array | null
      /** META-INF/context.xml; left out without one. */
      readonly contextXml?: Uint8Array
    }
  | { readonly form: 'unreadable'; readonly why: string }

/** Files of a conf folder that say something of contexts, by their paths in it. */
export interface ConfFolder {
  readonly form: 'conf'
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** An application, or the bytes of its web.xml alone. */
export type WebappInput = Uint8Array | Webapp

/** The bytes of a file, or something that is more than a file. */
export type Input = WebappInput | ConfFolder

/** Every input that could be read, by its path as written in the spec. */
export type Inputs = ReadonlyMap<string, Input>

/** One artifact before it is text. */
export type Page =
  | {
      readonly kind: 'template'
      /** Below the output folder, with `/` between its parts. */
      readonly path: string
      /** Name below templates/, without `.hbs`, such as `nginx/upstreams`. */
      readonly template: string
      /** Total: every key that the template asks for is there, null or empty for what is absent. */
      readonly view: object
    }
  | {
      /** An existing file, edited in place. */
      readonly kind: 'edited'
      readonly path: string
      readonly text: string
      readonly encoding: Encoding
    }

export interface Rendering {
  readonly pages: readonly Page[]
  /** What cannot be expressed (errors), and what is expressed in another way than the obvious one (info). */
  readonly diagnostics: readonly Diagnostic[]
}

/** Puts a value into its context, so that the server reads back exactly that value. */
export type Escape = (value: string | number) => string

/** A configuration language sessctl can write: a folder here, its templates, one registry line. */
export interface Dialect {
  readonly name: DialectName
  /** Whether the cluster asks for this dialect at all: by a target, or by a runtime. */
  readonly isWanted: (cluster: Cluster) => boolean
  /** Files of the user that rendering reads. */
  readonly inputs: (cluster: Cluster) => readonly InputFile[]
  /**
   * Total: it reports to the findings what cannot be expressed (errors), and what is expressed in
   * another way than the obvious one (info). With an error among them the pages are not used, so that
   * one run reports everything that stands in the way.
   */
  readonly render: (cluster: Cluster, inputs: Inputs, findings: Findings) => readonly Page[]
  /**
   * Escaping helpers for this dialect's templates, by name. They throw on what the context cannot
   * hold; `render` has reported that as a diagnostic before.
   */
  readonly escapes: Readonly<Record<string, Escape>>
}
