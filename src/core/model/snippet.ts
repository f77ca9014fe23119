import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Target } from './target.ts'

/** The blocks of each language that can have a snippet. */
export type SnippetLevel =
  | 'main'
  | 'http'
  | 'server'
  | 'location'
  | 'upstream'
  | 'global'
  | 'defaults'
  | 'frontend'
  | 'backend'
  | 'host'
  | 'balancer'

/** Text of the user in the language of a proxy. */
export interface Snippet {
  readonly dialect: Target['dialect']
  readonly level: SnippetLevel
  /** Lines end with a line feed. null: the file was not read, or is not text. */
  readonly text: string | null
  /** As written in the spec; null: the text is in the spec. */
  readonly file: string | null
  readonly path: SpecPath
}

/** The place in the spec, as comments and messages show it. */
export const snippetName = ({ path }: Pick<Snippet, 'path'>): string => path.join('.')
