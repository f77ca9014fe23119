import type { Place } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Encoding } from '../render/encoding.ts'
import type { SnippetLanguage } from '../snippets/language.ts'
import type { Choice } from './choice.ts'

/** The configuration languages that sessctl writes: three proxies, then application servers. */
export type DialectName = 'nginx' | 'haproxy' | 'httpd' | 'tomcat' | 'spring' | 'php' | 'django'

/** A file that a dialect must read before it can render, such as a server.xml to edit in place. */
export interface InputFile {
  /**
   * An application is a web.xml, an unpacked folder or a `.war`; `conf` is the folder of a server.xml,
   * which may hold nothing else; `nginx` and `httpd` are configurations with the files that they include,
   * `haproxy` one with those of the folder conf.d next to it.
   */
  readonly kind: 'file' | 'webapp' | 'conf' | 'nginx' | 'haproxy' | 'httpd'
  /** As written in the spec: relative to the spec's folder, or absolute. */
  readonly path: string
  /** The value in the spec that names it. */
  readonly at: Place
}

/** The configuration of a whole application: its WEB-INF/web.xml, null without one. */
export type Webapp =
  | {
      readonly form: 'folder' | 'war'
      readonly webXml: Uint8Array | null
      /** META-INF/context.xml; left out without one. */
      readonly contextXml?: Uint8Array
    }
  | { readonly form: 'unreadable'; readonly why: string }

/** Files of a conf folder that configure contexts, by their paths in it. */
export interface ConfFolder {
  readonly form: 'conf'
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** A configuration of a proxy, with the files that it includes. */
export interface ConfigFiles {
  readonly form: 'config'
  /** The name of the main file. */
  readonly main: string
  /** By their paths, relative to the folder of the main file, or absolute. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** An application, or the bytes of its web.xml. */
export type WebappInput = Uint8Array | Webapp

/** The bytes of a file, an application or a folder. */
export type Input = WebappInput | ConfFolder | ConfigFiles

/** The inputs that could be read, by their paths as written in the spec. */
export type Inputs = ReadonlyMap<string, Input>

/** One artifact before it is rendered. */
export type Page =
  | {
      readonly kind: 'template'
      /** Below the output folder, with `/` between its parts. */
      readonly path: string
      /** Name below templates/, without `.hbs`, such as `nginx/upstreams`. */
      readonly template: string
      /** Has every key that the template uses: null or empty for what is absent. */
      readonly view: object
    }
  | {
      /** An existing file, edited in place. */
      readonly kind: 'edited'
      readonly path: string
      /** The existing file: by its path among those of its configuration, or as written in the spec. */
      readonly source: string
      readonly text: string
      readonly encoding: Encoding
    }

/** Quotes a value so that the server reads back exactly that value. */
export type Escape = (value: string | number) => string

/** A configuration language that sessctl writes: a folder here, its templates, a line in index.ts. */
export interface Dialect {
  readonly name: DialectName
  /** Whether the cluster uses this dialect: for a target, or for the runtime of an application. */
  readonly isWanted: (cluster: Cluster) => boolean
  /** Files of the user that rendering reads. */
  readonly inputs: (cluster: Cluster) => readonly InputFile[]
  /**
   * Reports what the language cannot express (errors) and what it expresses in an unexpected way
   * (infos). It never throws for a spec that it cannot write, so that one run reports all errors; the
   * pages are used only if there are none.
   */
  readonly render: (cluster: Cluster, inputs: Inputs, findings: Findings) => readonly Page[]
  /**
   * The form that it uses for the affinity or the sessions of an upstream, chosen by the functions that
   * `render` uses, and the forms that it tried before. null: it writes nothing for the upstream.
   */
  readonly choose: (cluster: Cluster, upstream: Upstream) => Choice | null
  /** How snippets of the user are read; left out where there are none. */
  readonly snippets?: SnippetLanguage
  /**
   * Escaping helpers for this dialect's templates, by name. They throw on a value that cannot be
   * quoted, which `render` has reported before.
   */
  readonly escapes: Readonly<Record<string, Escape>>
}
